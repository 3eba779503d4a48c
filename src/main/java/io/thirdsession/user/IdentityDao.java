package io.thirdsession.user;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The table {@code identity}, inside the transaction that was given. */
final class IdentityDao {
  private static final String LOCK =
      """
      SELECT i.id, i.app_id, i.openid, i.unionid,
             i.key_sealed, i.key_fingerprint, i.key_exchanged_at,
             i.key_failures, i.key_failed_at,
             i.previous_key_sealed, i.previous_key_fingerprint, i.previous_key_exchanged_at,
             i.previous_key_failures, i.previous_key_failed_at, i.previous_key_replaced_at,
      """
          + UserDao.COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE i.app_id = ? AND i.openid = ?
            FOR UPDATE
            """;

  private static final String INSERT =
      """
      INSERT INTO identity (id, user_id, app_id, openid, unionid, created_at,
                            key_sealed, key_fingerprint, key_exchanged_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String UPDATE =
      """
      UPDATE identity
      SET unionid = ?,
          key_sealed = ?, key_fingerprint = ?, key_exchanged_at = ?,
          key_failures = ?, key_failed_at = ?,
          previous_key_sealed = ?, previous_key_fingerprint = ?, previous_key_exchanged_at = ?,
          previous_key_failures = ?, previous_key_failed_at = ?, previous_key_replaced_at = ?
      WHERE id = ?
      """;

  /** By the same index as a login, or the two could lock index and row in opposite order. */
  private static final String LOCK_ONE =
      "SELECT id FROM identity WHERE app_id = ? AND openid = ? FOR UPDATE";

  private static final String OF_USER =
      """
      SELECT kind, app_id, openid, unionid, created_at, key_exchanged_at
      FROM identity
      WHERE user_id = ?
      ORDER BY created_at, id
      """;

  private static final String OF_USERS =
      """
      SELECT user_id, kind, app_id, openid, unionid, created_at, key_exchanged_at
      FROM identity
      WHERE user_id IN (%s)
      ORDER BY created_at, id
      """;

  private final Queries queries;

  IdentityDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns the identity with its user and keys, both rows locked until the transaction ends. */
  Optional<KnownIdentity> lock(String appId, String openId) {
    return queries.first(LOCK, IdentityDao::map, appId, openId);
  }

  /** Locks all identities of a user until the transaction ends, and not yet the user. */
  void lockAllOf(UUID userId) {
    for (HeldIdentity identity : ofUser(userId)) {
      queries.list(LOCK_ONE, row -> row.id("id"), identity.appId(), identity.openId());
    }
  }

  List<HeldIdentity> ofUser(UUID userId) {
    return queries.list(OF_USER, IdentityDao::held, userId);
  }

  /** Returns the identities of these users, by user, the oldest first. */
  Map<UUID, List<HeldIdentity>> ofUsers(List<UUID> userIds) {
    Map<UUID, List<HeldIdentity>> byUser = new HashMap<>();
    String marks = String.join(", ", Collections.nCopies(userIds.size(), "?"));
    queries.list(
        OF_USERS.formatted(marks),
        row -> byUser.computeIfAbsent(row.id("user_id"), id -> new ArrayList<>()).add(held(row)),
        userIds.toArray());
    return byUser;
  }

  private static HeldIdentity held(Row row) throws SQLException {
    return new HeldIdentity(
        row.text("kind"),
        row.text("app_id"),
        row.text("openid"),
        row.optionalText("unionid").orElse(null),
        row.time("created_at"),
        row.time("key_exchanged_at"));
  }

  /**
   * Inserts an identity at its first login.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another login was quicker
   */
  void insert(Identity identity, StoredKey key, Instant now) {
    queries.update(
        INSERT,
        identity.id(),
        identity.userId(),
        identity.appId(),
        identity.openId(),
        identity.unionId(),
        now,
        key.sealed(),
        key.fingerprint(),
        key.exchangedAt());
  }

  /** Writes unionid and keys. */
  void update(Identity identity, KeySlots keys) {
    StoredKey current = keys.current();
    Optional<StoredKey> previous = keys.previous();
    queries.update(
        UPDATE,
        identity.unionId(),
        current.sealed(),
        current.fingerprint(),
        current.exchangedAt(),
        current.failures(),
        current.failedAt(),
        previous.map(StoredKey::sealed),
        previous.map(StoredKey::fingerprint),
        previous.map(StoredKey::exchangedAt),
        previous.map(StoredKey::failures).orElse(0),
        previous.flatMap(StoredKey::failedAt),
        keys.replacedAt(),
        identity.id());
  }

  private static KnownIdentity map(Row row) throws SQLException {
    User user = UserDao.map(row);
    Identity identity =
        new Identity(
            row.id("id"),
            user.id(),
            row.text("app_id"),
            row.text("openid"),
            row.optionalText("unionid"));
    return new KnownIdentity(identity, user, SessionKeyDao.slots(row));
  }

  /**
   * An identity that has logged in before.
   *
   * @param identity what it is
   * @param user whose it is
   * @param keys what decrypts its open data
   */
  record KnownIdentity(Identity identity, User user, KeySlots keys) {}
}
