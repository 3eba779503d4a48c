package io.thirdsession.app;

import io.thirdsession.jdbc.Database;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** What the build wrote down about itself. */
final class Build {
  private Build() {}

  /** Exports which build this is, and what the JVM says of itself. */
  static void export(Metrics metrics) {
    List<Reading> build =
        List.of(Reading.of(1, version(), Integer.toString(Database.schemaVersion())));
    metrics.gauges(
        "thirdsession_build_info",
        "always 1: which build this is, and the schema that it is made for",
        List.of("version", "schema"),
        () -> build);
    metrics.addJvm();
  }

  /** Returns the version, such as {@code 1.0.0}. */
  private static String version() {
    Properties properties = new Properties();
    try (InputStream file = Build.class.getResourceAsStream("build.properties")) {
      properties.load(Objects.requireNonNull(file, "build.properties is a part of the build"));
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties is a part of the build", e);
    }
    return properties.getProperty("version", "");
  }
}
