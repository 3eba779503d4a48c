package io.thirdsession.user;

import static java.util.Comparator.comparing;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import io.thirdsession.keys.Mac;
import io.thirdsession.user.IdentityDao.StoredIdentity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks identities with their users and keys, and writes them, in the given transaction. */
final class KnownIdentityDao {
  private static final String COLUMNS =
      "SELECT i.id, i.appid, i.openid, i.unionid, i.mac_key, i.mac, "
          + SessionKeyDao.COLUMNS
          + ", "
          + UserDao.COLUMNS;

  private static final String LOCK =
      COLUMNS
          + """
            FROM identity i
            LEFT JOIN user u ON u.id = i.user_id
            WHERE i.appid = ? AND i.openid = ?
            FOR UPDATE
            """;

  private static final String FIND =
      COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE i.appid = ? AND i.openid IN (%s)
            """;

  private static final String LOCK_FREE =
      COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE %s
            FOR UPDATE SKIP LOCKED
            """;

  /** A condition of each, since MariaDB finds rows by {@code (appid, openid) IN (…)} by a scan. */
  private static final String IS = "(i.appid = ? AND i.openid = ?)";

  private static final String THERE = "SELECT i.appid, i.openid FROM identity i WHERE %s";

  private static final String INSERT =
      """
      INSERT INTO identity (id, user_id, appid, openid, unionid, mac_key, mac, created_at,
                            key_sealed, key_fingerprint, key_exchanged_at)
      VALUES %s
      """;

  private static final String NEW_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /**
   * One statement for any number of identities, which are locked: none can have gone, so none is
   * inserted.
   */
  private static final String UPDATE =
      """
      INSERT INTO identity (id, user_id, appid, openid, unionid, mac_key, mac, created_at,
                            key_sealed, key_fingerprint, key_exchanged_at,
                            key_failures, key_failed_at,
                            previous_key_sealed, previous_key_fingerprint,
                            previous_key_exchanged_at, previous_key_failures,
                            previous_key_failed_at, previous_key_replaced_at)
      VALUES %s
      ON DUPLICATE KEY UPDATE
          unionid = VALUES(unionid), mac_key = VALUES(mac_key), mac = VALUES(mac),
          key_sealed = VALUES(key_sealed), key_fingerprint = VALUES(key_fingerprint),
          key_exchanged_at = VALUES(key_exchanged_at),
          key_failures = VALUES(key_failures), key_failed_at = VALUES(key_failed_at),
          previous_key_sealed = VALUES(previous_key_sealed),
          previous_key_fingerprint = VALUES(previous_key_fingerprint),
          previous_key_exchanged_at = VALUES(previous_key_exchanged_at),
          previous_key_failures = VALUES(previous_key_failures),
          previous_key_failed_at = VALUES(previous_key_failed_at),
          previous_key_replaced_at = VALUES(previous_key_replaced_at)
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String DELETE = "DELETE FROM identity WHERE id = ?";

  private static final Logger log = LoggerFactory.getLogger(KnownIdentityDao.class);

  private final Queries queries;

  KnownIdentityDao(Queries queries) {
    this.queries = queries;
  }

  /**
   * Returns the identity with its user and keys, both rows locked until the transaction ends. An
   * identity whose user no longer exists is deleted, and nothing is returned.
   */
  Optional<KnownIdentity> lock(String appId, String openId) {
    Optional<Locked> locked = queries.first(LOCK, Locked::map, appId, openId);
    if (locked.isPresent() && locked.get().known().isEmpty()) {
      log.warn("orphan made way for a login table=identity");
      queries.update(DELETE, locked.get().id());
    }
    return locked.flatMap(Locked::known);
  }

  /**
   * Returns those identities of these logins that exist, have a user, and are not locked by
   * somebody else, locked until the transaction ends. Waits for nobody.
   */
  List<KnownIdentity> lockFree(List<AppLogin> logins) {
    return queries.list(
        LOCK_FREE.formatted(any(logins)),
        row -> KnownIdentity.map(row, UserDao.map(row)),
        keys(logins));
  }

  /**
   * Returns which of these logins are of identities that exist, be they locked by somebody else or
   * without a user. Locks nothing and waits for nobody; an identity whose insertion is not
   * committed is not there.
   */
  Set<IdentityKey> there(List<AppLogin> logins) {
    return new HashSet<>(
        queries.list(
            THERE.formatted(any(logins)),
            row -> new IdentityKey(row.text("appid"), row.text("openid")),
            keys(logins)));
  }

  private static String any(List<AppLogin> logins) {
    return String.join(" OR ", Collections.nCopies(logins.size(), IS));
  }

  private static Object[] keys(List<AppLogin> logins) {
    return logins.stream()
        .map(IdentityKey::of)
        .flatMap(key -> Stream.of(key.appId(), key.openId()))
        .toArray();
  }

  /** Returns those identities of one app that exist and have a user; locks nothing. */
  List<KnownIdentity> find(String appId, List<String> openIds) {
    List<Object> keys = new ArrayList<>();
    keys.add(appId);
    keys.addAll(Queries.padded(openIds));
    return queries.list(
        FIND.formatted(Queries.marks(keys.size() - 1)),
        row -> KnownIdentity.map(row, UserDao.map(row)),
        keys.toArray());
  }

  /**
   * Inserts identities at their first login, {@linkplain Identity#IN_ORDER in one order}.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another login inserted one first
   */
  void insert(List<NewIdentity> identities) {
    List<NewIdentity> inOrder =
        identities.stream().sorted(comparing(NewIdentity::identity, Identity.IN_ORDER)).toList();
    queries.insertAll(INSERT, NEW_ROW, inOrder, NewIdentity::addTo);
  }

  /** Adds the values of the columns {@code id} to {@code mac}. */
  static void addIdentity(List<Object> values, Identity identity, Mac mac) {
    Collections.addAll(
        values,
        identity.id(),
        identity.userId(),
        identity.appId(),
        identity.openId(),
        identity.unionId(),
        mac.keyId(),
        mac.value());
  }

  /** Writes unionid, MAC and keys of identities that are locked. */
  void update(List<ChangedIdentity> changed) {
    List<Object> values = new ArrayList<>();
    changed.forEach(one -> one.addTo(values));
    String rows = String.join(", ", Collections.nCopies(changed.size(), ROW));
    queries.update(UPDATE.formatted(rows), values.toArray());
  }

  /** What is to be inserted of an identity. */
  record NewIdentity(Identity identity, Mac mac, SealedKey key, Instant at) {
    private static void addTo(List<Object> values, NewIdentity one) {
      addIdentity(values, one.identity(), one.mac());
      Collections.addAll(
          values, one.at(), one.key().sealed(), one.key().fingerprint(), one.key().exchangedAt());
    }
  }

  /** A locked row; {@code known} is empty if its user no longer exists. */
  private record Locked(UUID id, Optional<KnownIdentity> known) {
    static Locked map(Row row) throws SQLException {
      Optional<User> user = UserDao.mapIfThere(row);
      return new Locked(
          row.id("id"),
          user.isPresent() ? Optional.of(KnownIdentity.map(row, user.get())) : Optional.empty());
    }
  }

  /**
   * An identity that is there.
   *
   * @param identity the identity
   * @param mac what is to prove that it is genuine
   * @param user the user it belongs to
   * @param keys the keys that decrypt its open data; empty if it was imported and has never logged
   *     in
   */
  record KnownIdentity(Identity identity, Mac mac, User user, Optional<KeySlots> keys) {
    private static KnownIdentity map(Row row, User user) throws SQLException {
      Identity identity =
          new Identity(
              row.id("id"),
              user.id(),
              row.text("appid"),
              row.text("openid"),
              row.optionalText("unionid"));
      return new KnownIdentity(
          identity, StoredIdentity.mac(row), user, SessionKeyDao.slotsIfThere(row));
    }

    /**
     * Returns the identity after a login for which WeChat reported this unionid. If it reported
     * none, the last one that it reported is kept; one that was imported is not.
     */
    Identity loggedIn(Optional<String> told) {
      return keys.isPresent()
          ? identity.withUnionId(told)
          : new Identity(
              identity.id(), identity.userId(), identity.appId(), identity.openId(), told);
    }
  }

  /** What is to be written of an identity. */
  record ChangedIdentity(Identity identity, Mac mac, KeySlots keys) {
    private void addTo(List<Object> values) {
      SealedKey current = keys.current();
      Optional<SealedKey> previous = keys.previous();
      addIdentity(values, identity, mac);
      Collections.addAll(
          values,
          current.sealed(),
          current.fingerprint(),
          current.exchangedAt(),
          current.failures(),
          current.failedAt(),
          previous.map(SealedKey::sealed),
          previous.map(SealedKey::fingerprint),
          previous.map(SealedKey::exchangedAt),
          previous.map(SealedKey::failures).orElse(0),
          previous.flatMap(SealedKey::failedAt),
          keys.replacedAt());
    }
  }
}
