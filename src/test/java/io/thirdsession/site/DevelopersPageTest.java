package io.thirdsession.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the developers' page says of the code is so. */
class DevelopersPageTest {
  private static final Path FILE = Page.SITE.resolve("developing.md");
  private static final Path SOURCES = Path.of("src/main/java/io/thirdsession");
  private static final Pattern FLOOR = Pattern.compile("(?m)^([0-9 ]{2}) {2}([a-z]+) +\\S");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?io\\.thirdsession\\.([a-z0-9]+)\\.");

  @Test
  void everyPackageStandsOnOneFloorAndImportsFromLowerOnes() throws IOException {
    Map<String, Integer> floors = floors();
    Set<String> packages = packages();

    assertEquals(packages, new TreeSet<>(floors.keySet()));
    List<String> upward = new ArrayList<>();
    for (String from : packages) {
      for (String to : imports(from)) {
        if (floors.get(to) >= floors.get(from)) {
          upward.add(from + " imports " + to);
        }
      }
    }
    assertEquals(List.of(), upward);
  }

  @Test
  void whereAChangeGoesIsThere() throws IOException {
    List<String> rows = Page.read(FILE).section("## Where a change goes").rows();

    assertTrue(rows.size() > 6, "features: " + rows);
    for (String row : rows.subList(1, rows.size())) {
      List<String> cells = Page.cells(row);
      for (String cell : cells.subList(1, cells.size())) {
        assertFalse(Page.links(cell).isEmpty(), "a cell without a link in " + row);
        for (String link : Page.links(cell)) {
          Path path = FILE.resolveSibling(link.replaceFirst("#.*", "")).normalize();
          assertTrue(Files.exists(path), path + " in " + row);
        }
        assertEquals(List.of(), namesOfOtherFiles(cell), row);
      }
    }
  }

  @Test
  void everyPathThatThePageNamesIsThere() throws IOException {
    List<String> paths =
        Page.read(FILE).sections().stream()
            .flatMap(its -> Stream.concat(its.text().stream(), its.rows().stream()))
            .flatMap(line -> Page.codeSpans(line).stream())
            .filter(its -> its.matches("(src/|sql/|\\.ci/)[A-Za-z0-9_./-]*"))
            .toList();

    assertTrue(paths.size() > 5, paths.toString());
    assertEquals(List.of(), paths.stream().filter(its -> !Files.exists(Path.of(its))).toList());
  }

  /** Returns the links whose text is not the end of the path that they lead to. */
  private static List<String> namesOfOtherFiles(String cell) {
    return Pattern.compile("\\[`([^`]+)`]\\(([^)#]+)[^)]*\\)")
        .matcher(cell)
        .results()
        .filter(found -> found.group(2).endsWith(".java"))
        .filter(found -> !found.group(2).endsWith("/" + found.group(1) + ".java"))
        .map(found -> found.group())
        .toList();
  }

  private static Map<String, Integer> floors() throws IOException {
    String picture = Page.read(FILE).section("## The floors").examples().get(0);
    Map<String, Integer> floors = new HashMap<>();
    Matcher line = FLOOR.matcher(picture);
    int floor = 0;
    while (line.find()) {
      String number = line.group(1).strip();
      floor = number.isEmpty() ? floor : Integer.parseInt(number); // the one above, if it has none
      assertFalse(floors.containsKey(line.group(2)), line.group(2) + " stands on two floors");
      floors.put(line.group(2), floor);
    }
    return floors;
  }

  private static Set<String> packages() throws IOException {
    try (Stream<Path> folders = Files.list(SOURCES)) {
      return folders
          .filter(Files::isDirectory)
          .map(its -> its.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Set<String> imports(String from) throws IOException {
    Set<String> imports = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES.resolve(from))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        IMPORT
            .matcher(Files.readString(file))
            .results()
            .map(found -> found.group(1))
            .filter(its -> !its.equals(from))
            .forEach(imports::add);
      }
    }
    return imports;
  }
}
