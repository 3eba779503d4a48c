package io.thirdsession.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is in src/docker says the same as the guides. */
class ContainerFilesTest {
  private static final Path DOCKER = Path.of("src/docker");
  private static final Pattern TLS =
      Pattern.compile(
          "    (listen 443 ssl|ssl_.*|server_tokens off|access_log /dev/stdout no_query);.*"
              + "|    server thirdsession:8080;|upstream thirdsession \\{|#.*");

  @Test
  void nginxIsGuardedAsTheGuideSays() throws IOException {
    List<String> guide = List.of(example("## Behind nginx", "```nginx", "upstream").split("\n"));

    List<String> others = new ArrayList<>();
    for (String line : Files.readAllLines(DOCKER.resolve("nginx.conf"))) {
      if (!guide.contains(line) && !TLS.matcher(line).matches()) {
        others.add(line);
      }
    }

    assertEquals(List.of(), others);
    assertTrue(
        Files.readAllLines(DOCKER.resolve("nginx.conf")).stream()
            .anyMatch(line -> line.startsWith("    location ~ ^/(api/(")),
        "the guard is missing");
  }

  @Test
  void theVirtualMachineHasTheOptionsOfTheGuide() throws IOException {
    String guide = example("## Deploying in Tomcat", "```sh", "CATALINA_OPTS");
    String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));

    List<String> missing = new ArrayList<>();
    for (MatchResult option : Pattern.compile("-[XD][^ '\n]+").matcher(guide).results().toList()) {
      if (!dockerfile.contains(option.group() + " ")
          && !dockerfile.contains(option.group() + "\"")) {
        missing.add(option.group());
      }
    }

    assertEquals(List.of(), missing);
    assertTrue(dockerfile.contains("MALLOC_ARENA_MAX=2"), dockerfile);
  }

  @Test
  void everySettingIsADocumentedOne() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (Page.Section section : Page.read(Page.SITE.resolve("configuration.md")).sections()) {
      for (String row : section.rows()) {
        documented.addAll(Page.codeSpans(Page.cells(row).get(0)));
      }
    }
    Set<String> unknown = new TreeSet<>();
    Set<String> used = new TreeSet<>();
    used.addAll(names("compose.yaml", "^      ([A-Z][A-Z_]+): "));
    used.addAll(names("kubernetes.yaml", "\\{ name: ([A-Z_]+), value:"));
    used.removeIf(name -> name.startsWith("MYSQL_")); // the database's own

    for (String name : used) {
      if (!documented.contains(name.replaceFirst("_FILE$", ""))) {
        unknown.add(name);
      }
    }

    assertTrue(used.size() >= 7, used::toString);
    assertEquals(Set.of(), unknown);
  }

  private static Set<String> names(String file, String pattern) throws IOException {
    Set<String> names = new TreeSet<>();
    Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(DOCKER.resolve(file)))
        .results()
        .forEach(found -> names.add(found.group(1)));
    return names;
  }

  private static String example(String heading, String fence, String part) throws IOException {
    return Page.read(Page.SITE.resolve("operations.md")).section(heading).examples().stream()
        .filter(block -> block.startsWith(fence) && block.contains(part))
        .findFirst()
        .orElseThrow(() -> new AssertionError(heading + " has no example with " + part));
  }
}
