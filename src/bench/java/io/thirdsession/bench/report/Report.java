package io.thirdsession.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Writes what was measured into a folder. */
public final class Report {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

  private final Path folder;
  private final List<String> surroundings;
  private final Optional<PageBlocks> page;

  /**
   * Will write into this folder.
   *
   * @param page a page that also gets the tables, between its markers
   * @param surroundings what stands above every table
   */
  public Report(Path folder, Optional<Path> page, String... surroundings) {
    this.folder = folder;
    this.page = page.map(PageBlocks::new);
    this.surroundings = List.of(surroundings);
  }

  /** Writes the figures of running servers: {@code table.md}, {@code results.json}, pictures. */
  public void servers(List<Figure> figures, List<Figure> byClients) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("surroundings", surroundings);
    all.put("figures", figures);
    all.put("byClients", byClients);
    write("results.json", GSON.toJson(all) + "\n");
    ServerTables tables = new ServerTables(figures);
    write("table.md", head() + tables.table());
    String cores = Capacity.cores(figures);
    if (!cores.isEmpty()) {
      write("cores.md", cores);
    }
    String comparison = tables.comparison();
    if (!comparison.isEmpty()) {
      write("comparison.md", head() + comparison);
    }
    if (!byClients.isEmpty()) {
      write("throughput.svg", ServerPictures.throughput(byClients));
      write("cpu.svg", ServerPictures.cpu(byClients));
    }
    List<Figure> steady = figures.stream().filter(ServerPictures::isSteady).toList();
    if (!steady.isEmpty()) {
      write("percentiles.svg", ServerPictures.percentiles(steady));
    }
  }

  /**
   * Writes the figures of two names, one beside the other: {@code peers.md}, {@code peers.json}.
   */
  public void peers(List<Figure> figures, String ours, String peer) throws IOException {
    write("peers.json", GSON.toJson(figures) + "\n");
    write("peers.md", head() + new PeerTable(figures, ours, peer).table());
  }

  /** Writes what grew: {@code growth.md}, {@code growth.json}, a picture. */
  public void growth(List<GrowthStep> steps) throws IOException {
    write("growth.json", GSON.toJson(steps) + "\n");
    write("growth.md", head() + GrowthTable.of(steps));
    write("storage.md", Capacity.storage(steps.get(steps.size() - 1)));
    if (steps.size() > 1) {
      write("growth.svg", GrowthTable.picture(steps));
    }
  }

  /** Writes what the purge of expired sessions costs: {@code purge.md}. */
  public void purge(PurgeStep purge, GrowthStep before) throws IOException {
    write("purge.md", GrowthTable.of(purge, before));
  }

  /** Writes what a server under load held on to, from time to time: {@code soak.md}. */
  public void soak(List<SoakSlice> slices) throws IOException {
    write("soak.json", GSON.toJson(slices.stream().map(SoakSlice::held).toList()) + "\n");
    Table table =
        new Table(
            "minutes",
            "responses",
            "others",
            "live objects MiB",
            "resident MiB",
            "threads",
            "open files");
    for (SoakSlice slice : slices) {
      table.row(
          List.of(
              Long.toString(Math.round(slice.end().toSeconds() / 60.0)),
              Table.number(slice.responses()),
              Long.toString(slice.others()),
              Table.number(slice.held().live()),
              Long.toString(slice.held().resident()),
              Integer.toString(slice.held().threads()),
              Integer.toString(slice.held().files())));
    }
    write("soak.md", head() + table);
  }

  /** Writes where the CPU time went, a column for each profile: {@code profile.md}. */
  public void profiles(List<Profile> profiles) throws IOException {
    List<String> headers = new ArrayList<>(List.of("% of the server's CPU time"));
    Map<String, Double> parts = new HashMap<>();
    for (Profile profile : profiles) {
      headers.add(profile.name());
      profile.parts().forEach(part -> parts.merge(part, profile.share(part), Math::max));
    }
    Table table = new Table(headers.toArray(String[]::new));
    parts.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .forEach(part -> table.row(shares(part, profiles, profile -> profile.share(part))));
    table.row(shares("beside it, Java's compiler", profiles, Profile::compiler));
    write("profile.md", head() + table);
  }

  private static List<String> shares(
      String part, List<Profile> profiles, ToDoubleFunction<Profile> share) {
    List<String> cells = new ArrayList<>(List.of(part));
    profiles.forEach(profile -> cells.add("%.1f".formatted(100 * share.applyAsDouble(profile))));
    return cells;
  }

  /** Writes what single steps cost: {@code steps.md}, {@code steps.json}. */
  public void steps(List<StepCost> costs) throws IOException {
    write("steps.json", GSON.toJson(costs) + "\n");
    Table table = new Table("step", "µs", "± µs", "bytes of garbage");
    for (StepCost cost : costs) {
      table.row(
          List.of(
              cost.step(),
              Table.number(cost.micros()),
              Table.number(cost.error()),
              Table.number(cost.bytes())));
    }
    write("steps.md", head() + table);
  }

  private String head() {
    return String.join("; ", surroundings) + ".\n\n";
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    if (page.isPresent() && name.endsWith(".svg")) {
      page.get().picture(name, text);
    } else if (page.isPresent()) {
      page.get().put(name, text);
    }
  }
}
