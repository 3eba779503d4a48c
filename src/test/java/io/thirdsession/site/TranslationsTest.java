package io.thirdsession.site;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.site.Page.Section;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page in Chinese names what the English one names: calls, fields, error codes, statuses. */
class TranslationsTest {
  @ParameterizedTest
  @ValueSource(strings = {"api", "first-hour", "moving"})
  void bothLanguagesHaveTheSameSections(String name) throws IOException {
    assertEquals(outline(english(name)), outline(chinese(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "first-hour", "moving"})
  void bothLanguagesHaveTheSameRowsInEachTable(String name) throws IOException {
    List<Section> english = english(name).sections();
    List<Section> chinese = chinese(name).sections();
    for (int i = 0; i < english.size(); i++) {
      String section = english.get(i).heading();
      List<String> rows = english.get(i).rows();
      List<String> theirs = chinese.get(i).rows();
      assertEquals(facts(rows), facts(theirs), section);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "first-hour", "moving"})
  void bothLanguagesNameTheSameThingsInEachSection(String name) throws IOException {
    List<Section> english = english(name).sections();
    List<Section> chinese = chinese(name).sections();
    for (int i = 0; i < english.size(); i++) {
      assertEquals(
          named(english.get(i).text()), named(chinese.get(i).text()), english.get(i).heading());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "first-hour", "moving"})
  void bothLanguagesHaveTheSameExamples(String name) throws IOException {
    assertEquals(examples(english(name)), examples(chinese(name)));
  }

  private static Page english(String name) throws IOException {
    return Page.read(Page.SITE.resolve(name + ".md"));
  }

  private static Page chinese(String name) throws IOException {
    return Page.read(Page.SITE.resolve(name + ".zh-CN.md"));
  }

  private static List<String> outline(Page page) {
    return page.sections().stream().map(its -> its.level() + " " + calls(its.heading())).toList();
  }

  /** Returns the calls in a heading; in headings they are no code spans. */
  private static List<String> calls(String heading) {
    return List.of(heading.split("[ 、,]+")).stream().filter(its -> its.contains("/")).toList();
  }

  /** Returns a line for each row, so that a difference is read as one of lines. */
  private static String facts(List<String> rows) {
    return rows.stream().map(TranslationsTest::facts).collect(joining("\n"));
  }

  /** Returns what a row says in no language: its code spans, and the cells that are values. */
  private static String facts(String row) {
    List<String> cells = Page.cells(row);
    List<String> values = cells.stream().filter(its -> its.matches("true|false|[0-9]+|")).toList();
    return cells.size() + " cells, values " + values + ", " + named(List.of(row));
  }

  private static Set<String> named(List<String> lines) {
    return lines.stream()
        .flatMap(line -> Page.codeSpans(line).stream())
        .collect(toCollection(TreeSet::new));
  }

  private static List<String> examples(Page page) {
    return page.sections().stream().flatMap(its -> its.examples().stream()).toList();
  }
}
