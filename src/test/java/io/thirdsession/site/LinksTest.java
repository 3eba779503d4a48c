package io.thirdsession.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.site.Page.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinksTest {
  @Test
  void everyLinkOfTheDocumentationLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    List<Path> pages = pages();
    for (Path page : pages) {
      for (String link : Page.read(page).links()) {
        if (!link.matches("https?:.*") && !exists(page, link)) {
          dead.add(page + " → " + link);
        }
      }
    }
    assertTrue(pages.size() > 12, pages.toString());
    assertEquals(List.of(), dead);
  }

  private static boolean exists(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1
        || Page.read(target).sections().stream().map(Section::anchor).anyMatch(parts[1]::equals);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path folder :
        List.of(
            Path.of(""),
            Page.SITE,
            Path.of("src/simulator"),
            Path.of("src/development"),
            Path.of("src/miniprogram"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(its -> its.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }
}
