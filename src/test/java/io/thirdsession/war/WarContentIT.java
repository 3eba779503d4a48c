package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WarContentIT {
  private static List<String> entries;

  @BeforeAll
  static void open() throws IOException {
    try (ZipFile war = new ZipFile(War.FILE.toFile())) {
      entries = war.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void isAtMostTenMegabytes() throws IOException {
    assertTrue(Files.size(War.FILE) <= 10_000_000, "bytes: " + Files.size(War.FILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "simulator",
        "development",
        "testing",
        "mariadb",
        "protobuf",
        "junit",
        "jetty",
        "tomcat-",
        "apache/tomcat",
        "apache/catalina",
        "archunit",
        "weixin-java",
        "rhino",
        "miniprogram",
        "servlet-api",
        "jspecify",
        "error_prone",
        "logging-development",
        "clinic",
      })
  void holdsNothingOfDevelopmentAndTests(String name) {
    assertEquals(
        List.of(),
        entries.stream().filter(e -> e.toLowerCase(Locale.ROOT).contains(name)).toList());
  }

  @Test
  void holdsTheMigrationsAndOneListener() {
    assertTrue(entries.contains("WEB-INF/classes/sql/V1__users_identities_sessions.sql"));
    assertTrue(entries.contains("WEB-INF/classes/io/thirdsession/app/AppListener.class"));
    assertTrue(entries.contains("META-INF/context.xml"));
    assertFalse(entries.contains("WEB-INF/classes/META-INF/services"));
  }

  @Test
  void bringsTheseLibrariesAndNoOther() {
    TreeSet<String> libraries = new TreeSet<>();
    for (String entry : entries) {
      if (entry.startsWith("WEB-INF/lib/") && entry.endsWith(".jar")) {
        libraries.add(entry.replaceAll("WEB-INF/lib/(.+?)-\\d.*", "$1"));
      }
    }

    assertEquals(
        List.of(
            "HikariCP",
            "bucket4j_jdk17-core",
            "caffeine",
            "commons-codec",
            "flyway-core",
            "flyway-mysql",
            "gson",
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "mysql-connector-j",
            "prometheus-metrics-config",
            "prometheus-metrics-core",
            "prometheus-metrics-exposition-textformats",
            "prometheus-metrics-instrumentation-jvm",
            "prometheus-metrics-model",
            "resilience4j-circuitbreaker",
            "resilience4j-core",
            "slf4j-api",
            "slf4j-jdk14",
            "thumbnailator"),
        List.copyOf(libraries));
  }
}
