package io.thirdsession.wechat;

import static org.apache.commons.codec.digest.HmacAlgorithms.HMAC_SHA_256;

import java.util.Base64;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * The signature by which a server shows WeChat that it holds a user's session_key: lower-case hex
 * of HMAC-SHA-256 whose key is the session_key in base64, not the bytes in it.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/minigame/dev/tutorial/open-ability/session-signature.html">登录态签名</a>
 */
final class SessionSignature {
  private SessionSignature() {}

  /** Returns 64 hex digits; calls without a body sign the empty message. */
  static String of(SessionKey sessionKey, String message) {
    String key = Base64.getEncoder().encodeToString(sessionKey.secret().bytes());
    return new HmacUtils(HMAC_SHA_256, key).hmacHex(message);
  }
}
