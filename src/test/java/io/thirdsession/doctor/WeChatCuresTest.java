package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeChatCuresTest {
  @Test
  void theAddressThatWeChatSawIsTakenOut() {
    assertEquals(
        Optional.of("203.0.113.9"),
        WeChatCures.addressIn("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"));
    assertEquals(
        Optional.of("2001:db8::1"),
        WeChatCures.addressIn("invalid ip 2001:db8::1, not in whitelist"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "invalid ip",
        "invalid ip 256.0.113.9, not in whitelist",
        "invalid ip 203.0.113, not in whitelist",
        "invalid ip 203.0.113.9.4, not in whitelist",
        "invalid ip <script>, not in whitelist",
        "ip 203.0.113.9, not in whitelist"
      })
  void nothingElseIs(String errmsg) {
    assertEquals(Optional.empty(), WeChatCures.addressIn(errmsg));
  }
}
