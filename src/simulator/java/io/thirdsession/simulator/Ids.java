package io.thirdsession.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes identifiers that look like WeChat's. Safe for use by many threads. */
final class Ids {
  private static final String ALPHANUMERIC =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final RandomGenerator random;

  Ids(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the openid that this name always has in this app: 28 characters, the first an "o". */
  static String openIdOf(String appId, String name) {
    byte[] hash = WeChatCrypto.sha256((appId + "/" + name).getBytes(StandardCharsets.UTF_8));
    return "o" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 27);
  }

  /** Returns a wx.login code: 32 letters and digits. */
  synchronized String loginCode() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < 32; i++) {
      code.append(ALPHANUMERIC.charAt(random.nextInt(ALPHANUMERIC.length())));
    }
    return code.toString();
  }

  /** Returns a getPhoneNumber code: 64 hex characters. */
  String phoneCode() {
    return HexFormat.of().formatHex(bytes(32));
  }

  /** Returns a session_key or an iv: the base64 text of 16 bytes. */
  String base64Of16Bytes() {
    return Base64.getEncoder().encodeToString(bytes(16));
  }

  /**
   * Returns an access_token: 157 characters, as long as WeChat's own; the promise is at most 512.
   */
  String accessToken() {
    return "92_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(116)).substring(1);
  }

  /** Returns the request id that ends every errmsg. */
  String rid(Instant now) {
    HexFormat hex = HexFormat.of();
    return String.join(
        "-",
        hex.toHexDigits((int) now.getEpochSecond()),
        hex.formatHex(bytes(4)),
        hex.formatHex(bytes(4)));
  }

  private synchronized byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
