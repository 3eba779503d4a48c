package io.thirdsession.wechat;

import io.thirdsession.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What WeChat encrypts in a push: AES-256-CBC, whose IV is the first half of the key, over 16
 * random bytes, a length, the message and the appid, filled up to blocks of 32 bytes.
 */
public final class EncryptedPush {
  private static final int BLOCK = 32;
  private static final int IV_LENGTH = 16;
  private static final int RANDOM_LENGTH = 16;

  private EncryptedPush() {}

  /** Returns the message; empty unless it was encrypted with this key, for this app. */
  public static Optional<byte[]> open(String encrypted, Secret aesKey, String appId) {
    try {
      byte[] key = aesKey.bytes();
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(Arrays.copyOf(key, IV_LENGTH)));
      return content(cipher.doFinal(Base64.getDecoder().decode(encrypted)), appId);
    } catch (GeneralSecurityException | IllegalArgumentException ignored) { // not ours to tell why
      return Optional.empty();
    }
  }

  private static Optional<byte[]> content(byte[] plain, String appId) {
    int padding = plain.length == 0 ? 0 : plain[plain.length - 1];
    int end = plain.length - padding;
    int start = RANDOM_LENGTH + Integer.BYTES;
    if (padding < 1 || padding > BLOCK || end < start) {
      return Optional.empty();
    }
    int length = ByteBuffer.wrap(plain, RANDOM_LENGTH, Integer.BYTES).getInt();
    if (length < 0 || length > end - start) {
      return Optional.empty();
    }
    String named = new String(plain, start + length, end - start - length, StandardCharsets.UTF_8);
    return named.equals(appId)
        ? Optional.of(Arrays.copyOfRange(plain, start, start + length))
        : Optional.empty();
  }
}
