package io.thirdsession.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** WeChat's half of the open-data crypto: it encrypts and signs, and never decrypts. */
final class WeChatCrypto {
  private WeChatCrypto() {}

  /** Returns the encryptedData for this plaintext: AES-128-CBC, PKCS#7, all arguments in base64. */
  static String encrypt(String sessionKey, String iv, String plaintext) {
    try {
      // Java calls it PKCS5Padding; for AES it pads to 16 bytes, which is PKCS#7.
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      SecretKeySpec key = new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES");
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(Base64.getDecoder().decode(iv)));
      byte[] encrypted = cipher.doFinal(plaintext.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(encrypted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt open data", e);
    }
  }

  /** Returns the userinfo signature: sha1 over rawData and the key's base64 text. */
  static String userInfoSignature(String rawData, String sessionKey) {
    byte[] signed = (rawData + sessionKey).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(digest("SHA-1", signed));
  }

  /** Returns the login-state signature. Its key is the base64 text itself, not what it encodes. */
  static String sessionSignature(String sessionKey, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(sessionKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign the login state", e);
    }
  }

  static byte[] sha256(byte[] data) {
    return digest("SHA-256", data);
  }

  private static byte[] digest(String algorithm, byte[] data) {
    try {
      return MessageDigest.getInstance(algorithm).digest(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
