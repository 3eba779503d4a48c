package io.thirdsession.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every fault on the page has a test that proves what is said of it. */
class FaultsPageTest {
  private static final Path FILE = Page.SITE.resolve("faults.md");
  private static final Pattern PROOF = Pattern.compile("\\[`([A-Za-z0-9]+)`]\\(([^)\\s]+)\\)");

  @Test
  void everyRowNamesTestsThatAreThere() throws IOException {
    List<String> rows = new ArrayList<>();
    for (Page.Section section : Page.read(FILE).sections()) {
      section.rows().stream().skip(1).forEach(rows::add); // behind the table's head
    }

    assertTrue(rows.size() > 40, "faults: " + rows.size());
    List<String> unproved = new ArrayList<>();
    for (String row : rows) {
      List<String> cells = Page.cells(row);
      List<MatchResult> proofs = PROOF.matcher(cells.get(2)).results().toList();
      if (proofs.isEmpty()) {
        unproved.add(row);
      }
      for (MatchResult proof : proofs) {
        if (!isTest(FILE.resolveSibling(proof.group(2)).normalize(), proof.group(1))) {
          unproved.add(proof.group());
        }
      }
    }
    assertEquals(List.of(), unproved);
  }

  private static boolean isTest(Path file, String method) throws IOException {
    return Files.exists(file)
        && Pattern.compile(
                "@(Test|ParameterizedTest)\\b[^;{}]*(\\{[^;{}]*}[^;{}]*)?\\bvoid " + method + "\\(")
            .matcher(Files.readString(file).replaceAll("\"[^\"\\n]*\"", "\"\""))
            .find();
  }
}
