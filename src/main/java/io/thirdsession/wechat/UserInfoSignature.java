package io.thirdsession.wechat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * WeChat's signature of a user's profile (开放数据校验): lower-case hex SHA-1 of rawData, as it is to the
 * byte, and the base64 text of the session_key.
 */
public final class UserInfoSignature {
  private UserInfoSignature() {}

  /** Returns whether this is the signature; the time taken does not tell how much was right. */
  public static boolean holds(String rawData, String signature, SessionKey sessionKey) {
    String key = Base64.getEncoder().encodeToString(sessionKey.secret().bytes());
    String expected = DigestUtils.sha1Hex(rawData + key);
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
  }
}
