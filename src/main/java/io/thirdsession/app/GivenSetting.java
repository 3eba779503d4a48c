package io.thirdsession.app;

import io.thirdsession.TextFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What one source says of a setting.
 *
 * @param source its label
 * @param value what stands there itself
 * @param file the path of the file that has it; both are a fault
 */
record GivenSetting(String source, Optional<String> value, Optional<String> file) {
  /** Returns the value, from its file if one is named. */
  String text() throws IOException {
    if (file.isEmpty()) {
      return value.orElse("");
    }
    try {
      return TextFile.read(Path.of(file.get())).strip();
    } catch (InvalidPathException e) { // on Windows many a character
      throw new IOException("not a path", e);
    }
  }

  /** Returns whether the setting is there twice. */
  boolean isAmbiguous() {
    return value.isPresent() && file.isPresent();
  }

  @Override
  public String toString() {
    return "[REDACTED]";
  }
}
