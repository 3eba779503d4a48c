package io.thirdsession.keys;

import static org.apache.commons.codec.digest.HmacAlgorithms.HMAC_SHA_256;

import io.thirdsession.Secret;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * Seals, opens and authenticates values with keys derived from MASTER_KEYS, one for each master key
 * and {@link Purpose}. New values are made under the active (first) master key; values under every
 * configured one are accepted. Thread-safe; {@link #replace} takes effect for calls that begin
 * after it.
 *
 * <p>A sealed value is {@code length of id (1) ‖ id ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag
 * (16)}. Its additional data are {@code purpose ‖ 0 ‖ context ‖ 0 ‖ context …}, so that it can be
 * opened only with the purpose and context it was sealed with.
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

  /** Replaces the current master keys with these. */
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

  /** Returns the HMAC-SHA-256 of the message under the active master key, with that key's id. */
  public Mac macWithKey(Purpose purpose, byte[] message) {
    Derived now = derived;
    return new Mac(now.activeId, Secret.of(hmac(now.active(), purpose, message)));
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
   * Returns the id of the master key under which the message's HMAC begins with {@code tag}; empty
   * if there is none among the configured ones. The time taken reveals neither how much of it was
   * right nor which key matched.
   */
  public Optional<String> keyOfMac(Purpose purpose, byte[] message, byte[] tag) {
    Optional<String> key = Optional.empty();
    for (Map.Entry<String, Map<Purpose, DerivedKey>> keys : derived.byId.entrySet()) {
      byte[] expected = Arrays.copyOf(hmac(keys.getValue(), purpose, message), tag.length);
      if (MessageDigest.isEqual(expected, tag)) {
        key = Optional.of(keys.getKey());
      }
    }
    return key;
  }

  /**
   * Returns these bytes sealed under the active master key; {@code context} binds them to the place
   * where they are stored.
   */
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
   * Returns the bytes that were sealed.
   *
   * @throws UnsealException if the value was changed, was sealed with another purpose or context,
   *     or was sealed under a master key that is not configured
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
   * @throws UnsealException if the value does not begin with an id
   */
  public static String keyId(byte[] sealed) {
    if (sealed.length == 0 || sealed[0] < 1 || sealed.length < 1 + sealed[0]) {
      throw new UnsealException("sealed value is cut short");
    }
    return new String(sealed, 1, sealed[0], StandardCharsets.US_ASCII);
  }

  private static byte[] hmac(Map<Purpose, DerivedKey> keys, Purpose purpose, byte[] message) {
    return key(keys, purpose).hmac(message);
  }

  /** There is one for every purpose. */
  private static DerivedKey key(Map<Purpose, DerivedKey> keys, Purpose purpose) {
    return Objects.requireNonNull(keys.get(purpose));
  }

  private static Cipher cipher(
      int mode, Map<Purpose, DerivedKey> keys, Purpose purpose, byte[] nonce, String... context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(key(keys, purpose).bytes, "AES");
    cipher.init(mode, key, new GCMParameterSpec(GCM_TAG_BITS, nonce));
    cipher.updateAAD(purpose.label().getBytes(StandardCharsets.UTF_8));
    for (String part : context) {
      cipher.updateAAD(new byte[] {0});
      cipher.updateAAD(part.getBytes(StandardCharsets.UTF_8));
    }
    return cipher;
  }

  /**
   * One consistent set, so that a call never uses the active id of one set with the keys of
   * another.
   */
  private record Derived(String activeId, Map<String, Map<Purpose, DerivedKey>> byId) {
    static Derived from(List<MasterKey> masterKeys) {
      Map<String, Map<Purpose, DerivedKey>> byId = new LinkedHashMap<>();
      for (MasterKey masterKey : masterKeys) {
        Map<Purpose, DerivedKey> keys = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.values()) {
          keys.put(
              purpose, new DerivedKey(Hkdf.derive(masterKey.secret().bytes(), purpose.label())));
        }
        if (byId.put(masterKey.id(), keys) != null) {
          throw new IllegalArgumentException("two master keys have one id");
        }
      }
      return new Derived(masterKeys.get(0).id(), byId);
    }

    Map<Purpose, DerivedKey> active() {
      return get(activeId);
    }

    Map<Purpose, DerivedKey> get(String id) {
      Map<Purpose, DerivedKey> keys = byId.get(id);
      if (keys == null) {
        throw new UnsealException("no master key with this id is configured");
      }
      return keys;
    }
  }

  /** A key for one purpose, with an HMAC that has taken it in and nothing else. */
  private static final class DerivedKey {
    private final byte[] bytes;
    private final javax.crypto.Mac hmac;

    DerivedKey(byte[] bytes) {
      this.bytes = bytes;
      this.hmac = HmacUtils.getInitializedMac(HMAC_SHA_256, bytes);
    }

    /** A copy is half the work of a new one, and a check makes three. */
    byte[] hmac(byte[] message) {
      try {
        return ((javax.crypto.Mac) hmac.clone()).doFinal(message);
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException("the HMAC of every JDK can be copied", e);
      }
    }
  }
}
