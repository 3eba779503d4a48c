package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Purpose;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.wechat.PhoneNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals phone numbers for the database: AES-256-GCM, bound to the user, so that a value moved to
 * another row does not open. Beside it stands a keyed hash, by which the holders of a number are
 * found. Thread-safe.
 */
final class PhoneSealer {
  private static final Logger log = LoggerFactory.getLogger(PhoneSealer.class);
  private static final String SEPARATOR = " ";

  private final KeyRing keys;

  PhoneSealer(KeyRing keys) {
    this.keys = keys;
  }

  /** Returns the number sealed for this user under the active master key. */
  StoredPhone seal(UUID userId, PhoneNumber number, PhoneSource source, Instant boundAt) {
    String plain = number.countryCode() + SEPARATOR + number.purePhoneNumber();
    byte[] sealed =
        keys.seal(Purpose.PHONE, plain.getBytes(StandardCharsets.US_ASCII), String.valueOf(userId));
    return new StoredPhone(Secret.of(sealed), hash(KeyRing.keyId(sealed), number), source, boundAt);
  }

  /**
   * Returns the number of this user; empty, and said in the log, if it does not open: it was moved
   * or changed, or its master key is gone.
   */
  Optional<BoundPhone> open(UUID userId, StoredPhone stored) {
    try {
      byte[] plain = keys.open(Purpose.PHONE, stored.sealed().bytes(), String.valueOf(userId));
      String[] parts = new String(plain, StandardCharsets.US_ASCII).split(SEPARATOR, 2);
      return Optional.of(
          new BoundPhone(PhoneNumber.of(parts[0], parts[1]), stored.source(), stored.boundAt()));
    } catch (UnsealException e) {
      log.warn("phone does not open user={} reason=\"{}\"", userId, e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns the hashes under which a holder of this number may stand: one a master key. */
  List<Secret> hashes(PhoneNumber number) {
    return keys.ids().stream().map(id -> hash(id, number)).toList();
  }

  /** Returns what the hashes under this master key begin with. */
  static Secret hashPrefix(String keyId) {
    byte[] id = keyId.getBytes(StandardCharsets.US_ASCII);
    return Secret.of(ByteBuffer.allocate(1 + id.length).put((byte) id.length).put(id).array());
  }

  private Secret hash(String keyId, PhoneNumber number) {
    String digits = number.countryCode() + number.purePhoneNumber();
    byte[] mac = keys.mac(Purpose.PHONE_LOOKUP, keyId, digits.getBytes(StandardCharsets.US_ASCII));
    byte[] prefix = hashPrefix(keyId).bytes();
    return Secret.of(ByteBuffer.allocate(prefix.length + mac.length).put(prefix).put(mac).array());
  }
}
