package io.thirdsession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFileTest {
  @TempDir Path folder;

  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    assertEquals("微信\r\n", read("\uFEFF微信\r\n", StandardCharsets.UTF_8));
    assertEquals("微信", read("微信", StandardCharsets.UTF_8));
    assertEquals("", read("\uFEFF", StandardCharsets.UTF_8));
    assertEquals("", read("", StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM", "UTF-32"})
  void saysThatAFileIsUtf16(String charset) {
    TextFile.NotUtf8 e =
        assertThrows(TextFile.NotUtf8.class, () -> read("secret", Charset.forName(charset)));

    assertEquals("must be UTF-8, not UTF-16", e.getMessage());
  }

  @Test
  void saysThatAFileHasAnotherEncoding() {
    TextFile.NotUtf8 e =
        assertThrows(TextFile.NotUtf8.class, () -> read("微信", Charset.forName("GBK")));

    assertEquals("must be UTF-8", e.getMessage());
  }

  @Test
  void aFileThatIsNotThereIsNoMatterOfEncoding() {
    assertThrows(NoSuchFileException.class, () -> TextFile.read(folder.resolve("missing")));
  }

  private String read(String text, Charset charset) throws IOException {
    return TextFile.read(Files.write(folder.resolve("file"), text.getBytes(charset)));
  }
}
