package io.thirdsession.backend;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.LineAnswers;
import io.thirdsession.json.Json;
import io.thirdsession.user.ImportResult;
import io.thirdsession.user.ImportResult.Status;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.user.UserImport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of one import, answered in their order. Not thread-safe. */
final class ImportLines implements LineAnswers {
  private static final Logger log = LoggerFactory.getLogger(ImportLines.class);

  private final ImportLine.Reader reader;
  private final Function<List<ImportedUser>, List<ImportResult>> writer;
  private final Consumer<String> end;
  private final Map<Status, Integer> counts = new EnumMap<>(Status.class);
  private final LineNumbers externalIds = new LineNumbers();
  private final Set<String> identities = new HashSet<>();
  private List<ImportLine> waiting = new ArrayList<>();
  private Optional<ImportLine> next = Optional.empty();
  private int number;
  private boolean over;

  /**
   * Makes an import that has read nothing yet.
   *
   * @param writer writes users of different identities, and returns what came of each
   * @param end is told, once it is over, how many lines had which status
   */
  ImportLines(
      ImportLine.Reader reader,
      Function<List<ImportedUser>, List<ImportResult>> writer,
      Consumer<String> end) {
    this.reader = reader;
    this.writer = writer;
    this.end = end;
  }

  @Override
  public void add(byte[] line) {
    add(reader.read(++number, line));
  }

  @Override
  public void addTooLong() {
    add(ImportLine.refused(++number, ApiError.PAYLOAD_TOO_LARGE, Optional.empty()));
  }

  /** Whoever is there twice must be written before they are looked at again. */
  private void add(ImportLine line) {
    if (line.identity().map(identities::add).orElse(true)) {
      waiting.add(line);
    } else {
      next = Optional.of(line);
    }
  }

  @Override
  public boolean isFull() {
    return next.isPresent() || waiting.size() == UserImport.MAX_TOGETHER;
  }

  @Override
  public byte[] answer() {
    StringBuilder answers = new StringBuilder();
    while (!waiting.isEmpty() && !over) {
      List<ImportLine> lines = waiting;
      waiting = new ArrayList<>();
      identities.clear();
      answer(lines, answers);
      Optional<ImportLine> first = next;
      next = Optional.empty();
      first.ifPresent(this::add);
    }
    return answers.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void answer(List<ImportLine> lines, StringBuilder answers) {
    List<ImportResult> results = written(lines.stream().flatMap(l -> l.user().stream()).toList());
    int users = 0;
    for (ImportLine line : lines) {
      ImportResult result =
          line.refusal().isPresent() ? line.refusal().get() : results.get(users++);
      counts.merge(result.status(), 1, Integer::sum);
      answers.append(Json.write(answer(line, result))).append('\n');
    }
  }

  private Answer answer(ImportLine line, ImportResult result) {
    Optional<String> externalId = line.user().flatMap(ImportedUser::externalId);
    Optional<Integer> other = Optional.empty();
    if (result.error().equals(Optional.of(ApiError.CONFLICT))) {
      other = externalId.flatMap(externalIds::find);
    } else if (result.status() != Status.REFUSED) {
      externalId.ifPresent(id -> externalIds.put(id, line.number()));
    }
    return new Answer(
        line.number(),
        result.status().label(),
        result.userId(),
        result.error().map(ApiError::code),
        result.field(),
        other);
  }

  /** If they cannot be written now, neither can those behind them: they have no answer. */
  private List<ImportResult> written(List<ImportedUser> users) {
    if (users.isEmpty()) {
      return List.of();
    }
    try {
      return writer.apply(users);
    } catch (RuntimeException e) {
      ApiException failure = ApiException.of(e);
      log.warn(
          "import stopped error={} reason=\"{}\"", failure.error().code(), failure.diagnosis());
      over = true;
      ImportResult refused = ImportResult.refused(failure.error(), Optional.empty());
      return users.stream().map(user -> refused).toList();
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void close() {
    StringBuilder told = new StringBuilder("lines=" + number);
    for (Status status : Status.values()) {
      told.append(' ').append(status.label()).append('=').append(counts.getOrDefault(status, 0));
    }
    end.accept(told.toString());
  }

  /** The answer to a line; {@code conflictsWith} is the line that has the externalId. */
  private record Answer(
      int line,
      String status,
      Optional<UUID> userId,
      Optional<String> error,
      Optional<String> field,
      Optional<Integer> conflictsWith) {}
}
