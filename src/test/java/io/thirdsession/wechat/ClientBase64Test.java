package io.thirdsession.wechat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientBase64Test {
  private static final String BYTES = "6be6feffef";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a+b+/+8=", // as WeChat gives it
        "a b / 8=", // a form made blanks of the plusses
        "a+b /+8=", // of the plusses that replace('+', '%2B') left
        "a+b+/+8= ", // a blank behind the padding is no plus
        "a b / 8=  ",
        "a%2Bb%2B%2F%2B8%3D", // percent-encoded once
        "a%2bb%2b/+8=",
        "a%20b%20/%208=", // encoded when the plusses were lost
        "a%252Bb%252B%252F%252B8%253D", // and twice
        "a-b-_-8=", // RFC 4648, section 5
        "a-b+/+8=", // replace('+', '-') exchanges the first alone
        "a-b-_-8",
        " a-b-_-8 ", // no plus was there to become a blank
        "a+b+/+8", // without padding
        "a b / 8",
        "a+b+\\r\\n/+8=\\r\\n", // in lines
        "\\ta+b+\\n/+8=",
        "a+b+%0D%0A/+8%3D",
        "\"a+b+/+8=\"", // JSON.stringify
        "%22a+b+/+8%3D%22",
      })
  void repairsWhatHasOneMeaning(String sent) {
    String text = sent.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");

    assertEquals(Optional.of(BYTES), hex(text));
  }

  @ParameterizedTest
  @CsvSource({
    "'AAAA', 000000",
    "'AAA=', 0000",
    "'AAA', 0000",
    "'AA==', 00",
    "'AA=', 00",
    "'AA', 00",
    "'', ''",
  })
  void addsThePaddingThatIsMissing(String sent, String bytes) {
    assertEquals(Optional.of(bytes), hex(sent));
  }

  @ParameterizedTest
  @CsvSource({
    "' AAA', f80000", // a plus, or the length would be wrong
    "'AAA ', 00003e",
    "' AAAA', 000000", // white space, or the length would be wrong
    "'AAAA ', 000000",
    "'  AAAA', 000000",
  })
  void tellsByTheLengthWhatABlankAtAnEndWas(String sent, String bytes) {
    assertEquals(Optional.of(bytes), hex(sent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " AA", // a plus and no padding, or white space and none
        "    AAAA", // four plusses, or white space
        "AAAA    ",
        "  AAAA  ",
        "    ",
        "-A A", // of this alphabet no plus becomes a blank
        "_A A",
        "A", // cut off
        "AAAAA",
        "A===",
        "====",
        "AAAA=", // what was there behind it
        "AAA==",
        "AA===",
        "AA=A",
        "=AAA",
        "AB==", // bits that no encoder leaves: cut off, or changed
        "AB",
        "AAB=",
        "AAB",
        "AAAA*AAA", // other alphabets
        "AAAA.AAA",
        "AAAA,AAA",
        "AAA%2",
        "AAA%zz",
        "%25252B", // three times
        "\"AAAA", // half of the quotes
        "AAAA\"",
        "\"\"AAAA\"\"",
        "\"",
        "'AAAA'",
        "AA\\nAA",
        "data:,AAAA",
        "微信",
        "ＡＡＡＡ",
        "AAAA\u0000",
        "AAAA\u00a0",
        "\uFEFFAAAA",
      })
  void refusesWhatMayMeanSomethingElse(String sent) {
    assertEquals(Optional.empty(), hex(sent));
  }

  @Test
  void whatIsNotDamagedIsItself() {
    Random random = new Random(1);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String whole = Base64.getEncoder().encodeToString(bytes);

      assertArrayEquals(bytes, ClientBase64.decode(whole).orElseThrow());
      assertArrayEquals(bytes, ClientBase64.decode(whole.replace("=", "")).orElseThrow());
      String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertArrayEquals(bytes, ClientBase64.decode(urlSafe).orElseThrow());
      String lines = Base64.getMimeEncoder().encodeToString(bytes);
      assertArrayEquals(bytes, ClientBase64.decode(lines).orElseThrow());
    }
  }

  private static Optional<String> hex(String sent) {
    return ClientBase64.decode(sent).map(HexFormat.of()::formatHex);
  }
}
