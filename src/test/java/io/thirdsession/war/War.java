package io.thirdsession.war;

import java.nio.file.Path;

/** The product as it is delivered. */
final class War {
  static final Path FILE = Path.of("target", "thirdsession.war");

  private War() {}
}
