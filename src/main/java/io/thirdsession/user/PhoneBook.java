package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.user.PhoneDao.Holder;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phone numbers of users, at most one each. A number is not unique: whoever held it before
 * keeps it until they bind another. Thread-safe.
 */
public final class PhoneBook {
  private static final Logger log = LoggerFactory.getLogger(PhoneBook.class);
  private static final int AT_ONCE = 100;
  private static final Duration CHANGE = Duration.ofSeconds(5);
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Jdbc jdbc;
  private final KeyRing keys;
  private final PhoneSealer sealer;
  private final Clock clock;

  /** Seals with these keys. */
  public PhoneBook(Jdbc jdbc, KeyRing keys, Clock clock) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.sealer = new PhoneSealer(keys);
    this.clock = clock;
  }

  /**
   * Binds the number to the user, in the place of the one that they had, and returns it as it is
   * stored.
   *
   * @param onChange done in the same transaction if they had another number
   * @throws ApiException {@code session_invalid} if the user is gone
   */
  public StoredPhone bind(
      UUID userId, PhoneNumber number, PhoneSource source, Consumer<Transaction> onChange) {
    StoredPhone phone =
        sealer.seal(userId, number, source, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    if (!new PhoneDao(jdbc).bindFirstOrSame(userId, phone, sealer.hashes(number))) {
      replace(userId, phone, onChange);
    }
    return phone;
  }

  private void replace(UUID userId, StoredPhone phone, Consumer<Transaction> onChange) {
    boolean there =
        jdbc.inTransaction(
            Deadline.in(CHANGE),
            transaction -> {
              boolean bound = new PhoneDao(transaction).bind(userId, phone); // locks the user
              if (bound) {
                onChange.accept(transaction);
              }
              return bound;
            });
    if (!there) {
      throw gone();
    }
  }

  /**
   * Unbinds the user's number, and returns whether there was one.
   *
   * @param onChange done in the same transaction if there was
   * @throws ApiException {@code session_invalid} if the user is gone
   */
  public boolean unbind(UUID userId, Consumer<Transaction> onChange) {
    boolean unbound =
        jdbc.inTransaction(
            Deadline.in(CHANGE),
            transaction -> {
              boolean there = new PhoneDao(transaction).unbind(userId);
              if (there) {
                onChange.accept(transaction);
              }
              return there;
            });
    if (unbound) {
      return true;
    }
    if (new UserDao(jdbc).find(userId).isEmpty()) {
      throw gone();
    }
    return false;
  }

  /** Returns the user's number; empty if none is bound, or the one that is does not open. */
  public Optional<BoundPhone> open(User user) {
    return user.phone().flatMap(stored -> sealer.open(user.id(), stored));
  }

  /**
   * Seals numbers under old master keys anew, under the active one, so that the old keys can be
   * taken away one day. Asks nothing of the database while there is one key only.
   *
   * @return how many were sealed anew
   */
  public int sealAnew() {
    List<String> ids = List.copyOf(keys.ids());
    int all = 0;
    for (String old : ids.subList(1, ids.size())) {
      int replaced = sealAnew(old);
      if (replaced > 0) {
        log.info("phones sealed anew count={} key={}", replaced, old);
      }
      all += replaced;
    }
    return all;
  }

  private int sealAnew(String old) {
    PhoneDao phones = new PhoneDao(jdbc);
    Secret least = PhoneSealer.hashPrefix(old);
    Secret beyond = next(least);
    UUID after = BEFORE_ALL;
    int replaced = 0;
    List<Holder> holders;
    do {
      holders = phones.between(least, beyond, after, AT_ONCE);
      for (Holder holder : holders) {
        replaced +=
            sealer
                .open(holder.userId(), holder.phone())
                .map(phone -> phones.replace(holder.userId(), holder.phone(), anew(holder, phone)))
                .orElse(0); // one that does not open stays behind, and keeps back no other
        least = holder.phone().hash();
        after = holder.userId();
      }
    } while (holders.size() == AT_ONCE);
    return replaced;
  }

  private StoredPhone anew(Holder holder, BoundPhone phone) {
    return sealer.seal(holder.userId(), phone.number(), phone.source(), phone.boundAt());
  }

  /** Returns the first value beyond all that begin with this one, whose last byte is ASCII. */
  private static Secret next(Secret prefix) {
    byte[] bytes = prefix.bytes();
    bytes[bytes.length - 1]++;
    return Secret.of(bytes);
  }

  private static ApiException gone() {
    return ApiException.of(ApiError.SESSION_INVALID, "the user was erased meanwhile");
  }
}
