package io.thirdsession.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 5869, appendix A.1, of whose 42 bytes the first block is ours. */
  @Test
  void givesTheFirstBlockOfTestCase1() {
    byte[] okm =
        Hkdf.derive(
            HEX.parseHex("0b".repeat(22)),
            HEX.parseHex("000102030405060708090a0b0c"),
            HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"));

    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf", HEX.formatHex(okm));
  }

  /** RFC 5869, appendix A.3: no salt, no info. */
  @Test
  void givesTheFirstBlockOfTestCase3() {
    byte[] okm = Hkdf.derive(HEX.parseHex("0b".repeat(22)), "");

    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d", HEX.formatHex(okm));
  }
}
