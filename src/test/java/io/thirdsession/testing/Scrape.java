package io.thirdsession.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.TestHttp.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code GET /metrics} said at one moment. */
public final class Scrape {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*(?:\\{.*})?) (\\S+)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();

  private Scrape() {}

  /** Scrapes as the client that may do everything. */
  public static Scrape of(AppServer server) {
    Response response = server.http.get("/metrics", TestClients.basic());
    assertEquals(200, response.status());
    return of(response.text());
  }

  /** Reads Prometheus' text. */
  public static Scrape of(String text) {
    Scrape scrape = new Scrape();
    text.lines()
        .forEach(
            line -> {
              Matcher type = TYPE.matcher(line);
              Matcher sample = SAMPLE.matcher(line);
              if (type.matches()) {
                scrape.types.put(type.group(1), type.group(2));
              } else if (sample.matches()) {
                scrape.samples.put(sample.group(1), Double.valueOf(sample.group(2)));
              }
            });
    return scrape;
  }

  /** Returns the value of a sample, such as {@code a_total{b="c"}}; 0 if there is none. */
  public double value(String sample) {
    return samples.getOrDefault(sample, 0.0);
  }

  /** Returns the samples with their labels, without their values. */
  public Set<String> samples() {
    return samples.keySet();
  }

  /** Returns the samples of this name. */
  public Set<String> samples(String name) {
    Set<String> its = new TreeSet<>(samples.keySet());
    its.removeIf(sample -> !sample.replaceFirst("\\{.*", "").equals(name));
    return its;
  }

  /** Returns the names by which metrics are known; of a histogram not those of its parts. */
  public Set<String> names() {
    return new TreeSet<>(types.keySet());
  }
}
