package io.thirdsession.wechat;

import static io.thirdsession.wechat.OpenDataException.Reason.MALFORMED;
import static io.thirdsession.wechat.OpenDataException.Reason.WRONG_KEY;

import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code encryptedData} and {@code iv} of an event: AES-128-CBC with PKCS#7 padding, and nothing
 * that protects it from being changed. Immutable.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html">开放数据校验与解密</a>
 */
public final class EncryptedData {
  private static final int BLOCK = 16;

  private final byte[] ciphertext;
  private final byte[] iv;

  private EncryptedData(byte[] ciphertext, byte[] iv) {
    this.ciphertext = ciphertext;
    this.iv = iv;
  }

  /**
   * Returns the data in these two base64 texts, as {@link ClientBase64} reads them.
   *
   * @throws OpenDataException if they are not base64, the iv has not 16 bytes, or the ciphertext is
   *     not whole blocks; the JDK would decrypt an empty one to nothing
   */
  public static EncryptedData parse(String encryptedData, String iv) {
    byte[] ciphertext = base64(encryptedData);
    byte[] ivBytes = base64(iv);
    if (ivBytes.length != BLOCK || ciphertext.length == 0 || ciphertext.length % BLOCK != 0) {
      throw new OpenDataException(MALFORMED);
    }
    return new EncryptedData(ciphertext, ivBytes);
  }

  /**
   * Returns what this key opens.
   *
   * @throws OpenDataException if padding, encoding or JSON are wrong: a wrong key passes the
   *     padding once in 256 times
   */
  public OpenData decrypt(SessionKey key) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key.secret().bytes(), "AES"),
          new IvParameterSpec(iv));
      return new OpenData(Json.readObject(cipher.doFinal(ciphertext)));
    } catch (GeneralSecurityException | JsonException ignored) { // they must look the same
      throw new OpenDataException(WRONG_KEY);
    }
  }

  /** Returns the ciphertext in base64, as WeChat gave it to the phone. */
  String base64() {
    return Base64.getEncoder().encodeToString(ciphertext);
  }

  /** Returns a copy of the ciphertext. */
  byte[] ciphertext() {
    return ciphertext.clone();
  }

  private static byte[] base64(String text) {
    return ClientBase64.decode(text).orElseThrow(() -> new OpenDataException(MALFORMED));
  }
}
