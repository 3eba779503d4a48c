package io.thirdsession.keys;

import static org.apache.commons.codec.digest.HmacAlgorithms.HMAC_SHA_256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * The keys derived from MASTER_KEYS, one for each master key and {@link Purpose}, and what is done
 * with them. New values are made under the active (first) master key; values under every configured
 * one are accepted. Thread-safe; {@link #replace} takes effect for calls that begin after it.
 *
 * <p>A sealed value is {@code length of id (1) ‖ id ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag
 * (16)}. Its additional data are {@code purpose ‖ 0 ‖ context ‖ 0 ‖ context …}, so that it opens
 * only where it was sealed.
 */
public final class KeyRing {
  private static final int NONCE_LENGTH = 12;
  private static final int GCM_TAG_BITS = 128;

  private final SecureRandom random;
  private volatile Derived derived;

  /**
   * Derives the keys.
   *
   * @param masterKeys at least one, with distinct ids; the first is active
   */
  public KeyRing(List<MasterKey> masterKeys, SecureRandom random) {
    this.random = random;
    this.derived = Derived.from(masterKeys);
  }

  /** Puts other master keys in the place of the present ones. */
  public void replace(List<MasterKey> masterKeys) {
    derived = Derived.from(masterKeys);
  }

  /** Returns the ids of all configured master keys, the active one first. */
  public Set<String> ids() {
    return derived.byId.keySet();
  }

  /** Returns the HMAC-SHA-256 (32 bytes) of the message under the active master key. */
  public byte[] mac(Purpose purpose, byte[] message) {
    return hmac(derived.active(), purpose, message);
  }

  /**
   * Returns the HMAC-SHA-256 (32 bytes) of the message under this master key.
   *
   * @throws UnsealException if no such key is configured
   */
  public byte[] mac(Purpose purpose, String keyId, byte[] message) {
    return hmac(derived.get(keyId), purpose, message);
  }

  /**
   * Returns whether {@code tag} is the beginning of the message's HMAC under any configured master
   * key. The time taken does not tell how much of it was right, nor under which key.
   */
  public boolean macBeginsWith(Purpose purpose, byte[] message, byte[] tag) {
    boolean matches = false;
    for (Map<Purpose, byte[]> keys : derived.byId.values()) {
      byte[] expected = Arrays.copyOf(hmac(keys, purpose, message), tag.length);
      matches |= MessageDigest.isEqual(expected, tag);
    }
    return matches;
  }

  /** Returns these bytes sealed under the active master key; {@code context} binds the place. */
  public byte[] seal(Purpose purpose, byte[] plain, String... context) {
    Derived now = derived;
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    byte[] id = now.activeId.getBytes(StandardCharsets.US_ASCII);
    byte[] ciphertext;
    try {
      ciphertext =
          cipher(Cipher.ENCRYPT_MODE, now.active(), purpose, nonce, context).doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM must be there on every JDK", e);
    }
    return ByteBuffer.allocate(1 + id.length + NONCE_LENGTH + ciphertext.length)
        .put((byte) id.length)
        .put(id)
        .put(nonce)
        .put(ciphertext)
        .array();
  }

  /**
   * Returns what was sealed.
   *
   * @throws UnsealException if the value was changed, belongs elsewhere or to a key not configured
   */
  public byte[] open(Purpose purpose, byte[] sealed, String... context) {
    String id = keyId(sealed);
    ByteBuffer rest = ByteBuffer.wrap(sealed, 1 + id.length(), sealed.length - 1 - id.length());
    if (rest.remaining() < NONCE_LENGTH + GCM_TAG_BITS / Byte.SIZE) {
      throw new UnsealException("sealed value is cut short");
    }
    byte[] nonce = new byte[NONCE_LENGTH];
    rest.get(nonce);
    byte[] ciphertext = new byte[rest.remaining()];
    rest.get(ciphertext);
    try {
      return cipher(Cipher.DECRYPT_MODE, derived.get(id), purpose, nonce, context)
          .doFinal(ciphertext);
    } catch (GeneralSecurityException e) {
      throw new UnsealException("sealed value was changed or belongs elsewhere");
    }
  }

  /**
   * Returns the id of the master key under which this value was sealed.
   *
   * @throws UnsealException if there is no id at its beginning
   */
  public static String keyId(byte[] sealed) {
    if (sealed.length == 0 || sealed[0] < 1 || sealed.length < 1 + sealed[0]) {
      throw new UnsealException("sealed value is cut short");
    }
    return new String(sealed, 1, sealed[0], StandardCharsets.US_ASCII);
  }

  private static byte[] hmac(Map<Purpose, byte[]> keys, Purpose purpose, byte[] message) {
    return new HmacUtils(HMAC_SHA_256, keys.get(purpose)).hmac(message);
  }

  private static Cipher cipher(
      int mode, Map<Purpose, byte[]> keys, Purpose purpose, byte[] nonce, String... context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(keys.get(purpose), "AES");
    cipher.init(mode, key, new GCMParameterSpec(GCM_TAG_BITS, nonce));
    cipher.updateAAD(purpose.label().getBytes(StandardCharsets.UTF_8));
    for (String part : context) {
      cipher.updateAAD(new byte[] {0});
      cipher.updateAAD(part.getBytes(StandardCharsets.UTF_8));
    }
    return cipher;
  }

  /** One consistent set: a call never sees the active id of one and the keys of another. */
  private record Derived(String activeId, Map<String, Map<Purpose, byte[]>> byId) {
    static Derived from(List<MasterKey> masterKeys) {
      Map<String, Map<Purpose, byte[]>> byId = new LinkedHashMap<>();
      for (MasterKey masterKey : masterKeys) {
        Map<Purpose, byte[]> keys = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.values()) {
          keys.put(purpose, Hkdf.derive(masterKey.secret().bytes(), purpose.label()));
        }
        if (byId.put(masterKey.id(), keys) != null) {
          throw new IllegalArgumentException("two master keys have one id");
        }
      }
      return new Derived(masterKeys.get(0).id(), byId);
    }

    Map<Purpose, byte[]> active() {
      return get(activeId);
    }

    Map<Purpose, byte[]> get(String id) {
      Map<Purpose, byte[]> keys = byId.get(id);
      if (keys == null) {
        throw new UnsealException("no master key with this id is configured");
      }
      return keys;
    }
  }
}
