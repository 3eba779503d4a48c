package io.thirdsession.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation, as far as tests read Markdown. */
record Page(Path file, List<Section> sections) {
  static final Path SITE = Path.of("src/site/markdown");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  /**
   * What stands below one heading, up to the next.
   *
   * @param heading with its {@code #}; empty above the first
   * @param text the lines that are neither table nor example
   * @param rows the rows of its tables, headers included, without the rulers below them
   * @param examples the fenced blocks, fences included
   */
  record Section(String heading, List<String> text, List<String> rows, List<String> examples) {
    /** Returns the heading as GitHub makes an anchor of it. */
    String anchor() {
      return heading
          .replaceFirst("^#+ ", "")
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^\\p{L}\\p{N}_ -]", "")
          .replace(' ', '-');
    }

    int level() {
      return heading.indexOf(' ');
    }
  }

  static Page read(Path file) throws IOException {
    List<Section> sections = new ArrayList<>();
    Section section = begin("", sections);
    StringBuilder example = null;
    for (String line : Files.readAllLines(file)) {
      boolean fence = line.startsWith("```");
      if (example != null || fence) {
        example = example == null ? new StringBuilder() : example;
        boolean ends = fence && example.length() > 0;
        example.append(line).append('\n');
        if (ends) {
          section.examples().add(example.toString());
          example = null;
        }
      } else if (line.matches("#+ .*")) {
        section = begin(line, sections);
      } else if (!line.startsWith("|")) {
        section.text().add(line);
      } else if (!line.matches("[|-]+")) {
        section.rows().add(line);
      }
    }
    return new Page(file, sections);
  }

  private static Section begin(String heading, List<Section> sections) {
    Section section = new Section(heading, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    sections.add(section);
    return section;
  }

  /** Returns the section with this heading, its {@code #} included. */
  Section section(String heading) {
    return sections.stream()
        .filter(its -> its.heading().equals(heading))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no section " + heading));
  }

  /** Returns where the links outside examples lead. */
  List<String> links() {
    List<String> links = new ArrayList<>();
    for (Section section : sections) {
      section.text().forEach(line -> links.addAll(links(line)));
      section.rows().forEach(line -> links.addAll(links(line)));
    }
    return links;
  }

  static List<String> links(String line) {
    return all(LINK, line);
  }

  static List<String> codeSpans(String line) {
    return all(CODE, line);
  }

  /** Returns the cells of a row, without the blanks around them. */
  static List<String> cells(String row) {
    String inside = row.strip().replaceAll("^\\||\\|$", "");
    return List.of(inside.split("\\|", -1)).stream().map(String::strip).toList();
  }

  private static List<String> all(Pattern pattern, String line) {
    return pattern.matcher(line).results().map((MatchResult found) -> found.group(1)).toList();
  }
}
