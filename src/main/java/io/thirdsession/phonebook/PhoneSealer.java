package io.thirdsession.phonebook;

import io.thirdsession.Secret;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Purpose;
import io.thirdsession.keys.RefusedValues;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.wechat.PhoneNumber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Seals phone numbers for the database: AES-256-GCM, bound to the user, so that a value moved to
 * another row cannot be opened. A keyed hash is stored with it, by which the holders of a number
 * are found. Thread-safe.
 */
final class PhoneSealer {
  private static final String SEPARATOR = " ";

  private final KeyRing keys;
  private final RefusedValues refused = new RefusedValues();

  PhoneSealer(KeyRing keys) {
    this.keys = keys;
  }

  /** Returns the number sealed for this user under the active master key. */
  SealedPhone seal(UUID userId, PhoneNumber number, PhoneSource source, Instant boundAt) {
    String plain = number.countryCode() + SEPARATOR + number.purePhoneNumber();
    byte[] sealed =
        keys.seal(Purpose.PHONE, plain.getBytes(StandardCharsets.US_ASCII), String.valueOf(userId));
    return new SealedPhone(Secret.of(sealed), hash(KeyRing.keyId(sealed), number), source, boundAt);
  }

  /**
   * Returns the number of this user; empty, with a warning in the log, if it cannot be opened: it
   * was moved or changed, or its master key is no longer configured.
   */
  Optional<OpenedPhone> open(UUID userId, SealedPhone stored) {
    try {
      byte[] plain = keys.open(Purpose.PHONE, stored.sealed().bytes(), String.valueOf(userId));
      String[] parts = new String(plain, StandardCharsets.US_ASCII).split(SEPARATOR, 2);
      return Optional.of(
          new OpenedPhone(PhoneNumber.of(parts[0], parts[1]), stored.source(), stored.boundAt()));
    } catch (UnsealException e) {
      refused.tell("user", userId, "phone_sealed", e);
      return Optional.empty();
    }
  }

  /** Returns the hashes under which this number may be stored: one for each master key. */
  List<Secret> hashes(PhoneNumber number) {
    return keys.ids().stream().map(id -> hash(id, number)).toList();
  }

  /**
   * Returns whether the number that the user was found by is the one in their row; if not, a
   * warning is in the log, for the hash beside it was changed.
   */
  boolean isHolder(UUID userId, OpenedPhone phone, PhoneNumber foundBy) {
    if (digits(phone.number()).equals(digits(foundBy))) {
      return true;
    }
    refused.tell("user", userId, "phone_hash", "it is of another number than phone_sealed");
    return false;
  }

  /** Returns the prefix of all hashes under this master key. */
  static Secret hashPrefix(String keyId) {
    byte[] id = keyId.getBytes(StandardCharsets.US_ASCII);
    return Secret.of(ByteBuffer.allocate(1 + id.length).put((byte) id.length).put(id).array());
  }

  private Secret hash(String keyId, PhoneNumber number) {
    byte[] digits = digits(number).getBytes(StandardCharsets.US_ASCII);
    byte[] mac = keys.mac(Purpose.PHONE_LOOKUP, keyId, digits);
    byte[] prefix = hashPrefix(keyId).bytes();
    return Secret.of(ByteBuffer.allocate(prefix.length + mac.length).put(prefix).put(mac).array());
  }

  private static String digits(PhoneNumber number) {
    return number.countryCode() + number.purePhoneNumber();
  }
}
