package io.thirdsession.keys;

import static org.apache.commons.codec.digest.HmacAlgorithms.HMAC_SHA_256;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.HmacUtils;

/** HKDF with SHA-256 (RFC 5869) for outputs of one block: 32 bytes. */
final class Hkdf {
  private static final int HASH_LENGTH = 32;

  private Hkdf() {}

  /** Returns 32 bytes derived from the secret for this use, without a salt. */
  static byte[] derive(byte[] secret, String info) {
    return derive(secret, new byte[HASH_LENGTH], info.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] derive(byte[] secret, byte[] salt, byte[] info) {
    byte[] pseudoRandomKey = new HmacUtils(HMAC_SHA_256, salt).hmac(secret);
    byte[] firstBlock = new byte[info.length + 1];
    System.arraycopy(info, 0, firstBlock, 0, info.length);
    firstBlock[info.length] = 1;
    return new HmacUtils(HMAC_SHA_256, pseudoRandomKey).hmac(firstBlock);
  }
}
