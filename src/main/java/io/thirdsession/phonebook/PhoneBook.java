package io.thirdsession.phonebook;

import io.thirdsession.Secret;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.phonebook.PhoneDao.Holder;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores users' phone numbers, at most one each. A number is not unique: a user who had it before
 * keeps it until they bind another. Thread-safe.
 */
public final class PhoneBook {
  private static final Logger log = LoggerFactory.getLogger(PhoneBook.class);
  private static final int AT_ONCE = 100;
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Jdbc jdbc;
  private final KeyRing keys;
  private final PhoneSealer sealer;
  private final Clock clock;
  private volatile Map<String, Integer> left = Map.of();

  /** Makes a phone book that seals numbers with these keys. */
  public PhoneBook(Jdbc jdbc, KeyRing keys, Clock clock) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.sealer = new PhoneSealer(keys);
    this.clock = clock;
  }

  /**
   * Binds the number to the user, replacing the one that they had, and returns it.
   *
   * @param session the sid of the session that binds it; empty for a login that keeps no session
   * @param onBound runs in the same transaction; may throw, and then nothing is bound
   * @throws ApiException {@code session_invalid} if the user no longer exists
   */
  public OpenedPhone bind(
      UUID userId,
      Optional<UUID> session,
      PhoneNumber number,
      PhoneSource source,
      OnBound onBound) {
    OpenedPhone bound = new OpenedPhone(number, source, clock.instant());
    SealedPhone sealed = sealer.seal(userId, number, source, bound.boundAt());
    List<Secret> hashes = sealer.hashes(number);
    boolean there =
        jdbc.inTransaction(
            transaction -> {
              PhoneDao phones = new PhoneDao(transaction);
              boolean first = phones.bindFirstOrSame(userId, sealed, hashes, session);
              if (!first && !phones.bind(userId, sealed)) { // locks the user
                return false;
              }
              onBound.run(transaction, !first);
              return true;
            });
    if (!there) {
      throw ApiException.userErased();
    }
    return bound;
  }

  /**
   * Returns the number as an import stores it for this user.
   *
   * @param at when it was imported
   */
  public SealedPhone imported(UUID userId, PhoneNumber number, Instant at) {
    return sealer.seal(userId, number, PhoneSource.IMPORT, at);
  }

  /**
   * Unbinds the user's number, and returns whether there was one.
   *
   * @param onChange runs in the same transaction if there was one
   * @throws ApiException {@code session_invalid} if the user no longer exists
   */
  public boolean unbind(UUID userId, Consumer<Transaction> onChange) {
    AtomicBoolean unbound = new AtomicBoolean(); // stays when it is done again after a lost commit
    jdbc.inTransaction(
        transaction -> {
          boolean there = new PhoneDao(transaction).unbind(userId);
          if (there) {
            onChange.accept(transaction);
            unbound.set(true);
          }
          return there;
        });
    if (unbound.get()) {
      return true;
    }
    if (!new PhoneDao(jdbc).isUser(userId)) {
      throw ApiException.userErased();
    }
    return false;
  }

  /**
   * Unbinds the number that the user had by then, and returns whether there was one.
   *
   * @param latest a number that was bound later stays
   * @param onChange runs in the same transaction if there was one
   */
  public boolean unbind(UUID userId, Instant latest, Consumer<Transaction> onChange) {
    AtomicBoolean unbound = new AtomicBoolean(); // stays when it is done again after a lost commit
    jdbc.inTransaction(
        transaction -> {
          boolean there = new PhoneDao(transaction).unbind(userId, latest);
          if (there) {
            onChange.accept(transaction);
            unbound.set(true);
          }
          return there;
        });
    return unbound.get();
  }

  /**
   * Returns the number in the user's row; empty, with a warning in the log, if it cannot be opened.
   */
  public Optional<OpenedPhone> open(UUID userId, SealedPhone phone) {
    return sealer.open(userId, phone);
  }

  /**
   * Returns whether a user who was found by a hash of this number holds it. Whoever may write to
   * the database can copy a hash, but cannot seal a number.
   *
   * @param phone the number in their row; empty if it cannot be opened
   */
  public boolean isHolder(UUID userId, Optional<OpenedPhone> phone, PhoneNumber foundBy) {
    return phone.filter(opened -> sealer.isHolder(userId, opened, foundBy)).isPresent();
  }

  /** Returns the hashes under which this number may be stored: one for each master key. */
  public List<Secret> hashes(PhoneNumber number) {
    return sealer.hashes(number);
  }

  /**
   * Reseals numbers that are under old master keys with the active one, so that the old keys can be
   * removed eventually. Does not query the database while there is only one key.
   *
   * @return how many numbers were resealed
   */
  public int sealAnew() {
    List<String> ids = List.copyOf(keys.ids());
    Map<String, Integer> leftByKey = new HashMap<>();
    int all = 0;
    for (String old : ids.subList(1, ids.size())) {
      int replaced = sealAnew(old, leftByKey);
      if (replaced > 0) {
        log.info("phones sealed anew count={} key={}", replaced, old);
      }
      all += replaced;
    }
    left = Map.copyOf(leftByKey);
    return all;
  }

  /**
   * Returns how many numbers the last whole {@link #sealAnew} left under each old key; 0 for a key
   * that can be removed.
   */
  public Map<String, Integer> left() {
    return left;
  }

  private int sealAnew(String old, Map<String, Integer> leftByKey) {
    PhoneDao phones = new PhoneDao(jdbc);
    Secret least = PhoneSealer.hashPrefix(old);
    Secret beyond = next(least);
    UUID after = BEFORE_ALL;
    int replaced = 0;
    int seen = 0;
    List<Holder> holders;
    do {
      List<Holder> page = phones.between(least, beyond, after, AT_ONCE);
      replaced += jdbc.inTransaction(transaction -> sealAnew(new PhoneDao(transaction), page));
      seen += page.size();
      if (!page.isEmpty()) {
        Holder last = page.get(page.size() - 1);
        least = last.phone().hash();
        after = last.userId();
      }
      holders = page;
    } while (holders.size() == AT_ONCE);
    leftByKey.put(old, seen - replaced);
    return replaced;
  }

  private int sealAnew(PhoneDao phones, List<Holder> holders) {
    return holders.stream()
        .mapToInt(
            holder ->
                sealer
                    .open(holder.userId(), holder.phone())
                    .map(
                        phone ->
                            phones.replace(holder.userId(), holder.phone(), anew(holder, phone)))
                    .orElse(
                        0)) // one that cannot be opened is skipped, and does not stop the others
        .sum();
  }

  private SealedPhone anew(Holder holder, OpenedPhone phone) {
    return sealer.seal(holder.userId(), phone.number(), phone.source(), phone.boundAt());
  }

  /**
   * Returns the smallest value greater than all that begin with this prefix, whose last byte must
   * be ASCII.
   */
  private static Secret next(Secret prefix) {
    byte[] bytes = prefix.bytes();
    bytes[bytes.length - 1]++;
    return Secret.of(bytes);
  }

  /** What goes with a binding. */
  @FunctionalInterface
  public interface OnBound {
    /**
     * Runs in the transaction.
     *
     * @param replaced whether the user had another number or the session was ended
     */
    void run(Transaction transaction, boolean replaced);
  }
}
