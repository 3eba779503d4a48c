package io.thirdsession.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of the documentation with places for what is measured: whatever stands between {@code <!--
 * NAME -->} and {@code <!-- end -->}. Its pictures lie in the folder {@value #PICTURES}, from where
 * it lies.
 */
final class PageBlocks {
  private static final String END = "<!-- end -->";
  private static final String PICTURES = "../resources/performance";

  private final Path page;

  PageBlocks(Path page) {
    this.page = page;
  }

  /** Puts this text into the place of this name, if there is one. */
  void put(String name, String text) throws IOException {
    String old = Files.readString(page);
    String begin = "<!-- " + name + " -->\n";
    int from = old.indexOf(begin);
    int to = old.indexOf(END, Math.max(from, 0));
    if (from >= 0 && to >= 0) {
      Files.writeString(
          page, old.substring(0, from + begin.length()) + "\n" + text + "\n" + old.substring(to));
    }
  }

  /** Takes this picture, if the page shows one of this name. */
  void picture(String name, String svg) throws IOException {
    if (Files.readString(page).contains("(" + PICTURES + "/" + name + ")")) {
      Path folder = Files.createDirectories(page.resolveSibling(PICTURES));
      Files.writeString(folder.resolve(name), svg);
    }
  }
}
