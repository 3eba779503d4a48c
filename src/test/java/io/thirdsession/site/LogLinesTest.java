package io.thirdsession.site;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.site.LogStatements.Statement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operators' page has the lines that the server writes, and no others. */
class LogLinesTest {
  /** Puts together what others say: {@code event=…}. */
  private static final String AUDIT_LINE = "event=… at=";

  private static final Pattern FIELD = Pattern.compile("\\b([A-Za-z]+)=");

  /** A line of the documentation. */
  private record Line(String level, String text) {}

  @Test
  void everyDocumentedLineIsWrittenAtItsLevel() throws IOException {
    List<Statement> statements = LogStatements.all();
    List<Line> unwritten =
        documented().stream()
            .filter(line -> !line.text().startsWith(AUDIT_LINE))
            .filter(line -> statements.stream().noneMatch(its -> matches(its, line)))
            .toList();

    assertEquals(List.of(), unwritten);
  }

  @Test
  void everyLineOfTheServerIsDocumented() throws IOException {
    List<Line> documented = documented();
    List<Statement> statements = LogStatements.all().stream().filter(Statement::hasWords).toList();

    assertTrue(statements.size() > 20, statements.toString());
    assertEquals(
        List.of(),
        statements.stream()
            .filter(its -> documented.stream().noneMatch(line -> matches(its, line)))
            .toList());
  }

  @Test
  void everyFieldOfADocumentedLineIsInTheCode() throws IOException {
    String literals = LogStatements.literals();
    Set<String> unknown = new TreeSet<>();
    for (Line line : documented()) {
      FIELD
          .matcher(line.text())
          .results()
          .map(found -> found.group(1))
          .filter(its -> !literals.contains(its + "=") && !literals.contains("\n" + its + "\n"))
          .forEach(unknown::add);
    }
    assertEquals(Set.of(), unknown);
  }

  @Test
  void theGuideForSecretsQuotesTheLog() throws IOException {
    List<Statement> statements = LogStatements.all();
    List<String> rows =
        Page.read(Page.SITE.resolve("configuration.md")).section("## Secrets in files").rows();
    List<String> lines = rows.stream().skip(1).map(row -> Page.codeSpans(row).get(0)).toList();

    assertEquals(3, lines.size());
    assertEquals(
        List.of(),
        lines.stream()
            .filter(
                line ->
                    statements.stream()
                        .filter(Statement::hasWords)
                        .noneMatch(its -> its.writes(line)))
            .toList());
  }

  @Test
  void everyEventOfTheAuditTrailIsDocumentedAndNoOther() throws IOException {
    Set<String> documented =
        operations().section("## The audit trail").rows().stream()
            .skip(1)
            .flatMap(row -> Page.codeSpans(Page.cells(row).get(0)).stream())
            .collect(toCollection(TreeSet::new));

    assertEquals(
        Stream.of(AuditEvent.values()).map(AuditEvent::label).collect(toCollection(TreeSet::new)),
        documented);
  }

  private static boolean matches(Statement statement, Line line) {
    return statement.hasWords()
        && statement.level().equals(line.level())
        && statement.writes(line.text());
  }

  /** Returns the lines in the table; a row may have several. */
  private static List<Line> documented() throws IOException {
    List<Line> lines = new ArrayList<>();
    List<String> rows = operations().section("## The log").rows();
    for (String row : rows.subList(1, rows.size())) {
      List<String> cells = Page.cells(row);
      String first = Page.codeSpans(cells.get(1)).get(0);
      lines.add(new Line(cells.get(0), first));
      Page.codeSpans(cells.get(1)).stream()
          .skip(1)
          .filter(its -> its.contains(" ")) // else it is another value for the first line's error=
          .forEach(its -> lines.add(new Line(cells.get(0), its)));
    }
    return lines;
  }

  private static Page operations() throws IOException {
    return Page.read(Page.SITE.resolve("operations.md"));
  }
}
