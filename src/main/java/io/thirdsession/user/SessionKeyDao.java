package io.thirdsession.user;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the session_keys of an identity, and counts how often each has failed. */
final class SessionKeyDao {
  /** The columns of the table {@code identity} that {@link #slots} reads. */
  static final String COLUMNS =
      """
      key_sealed, key_fingerprint, key_exchanged_at, key_failures, key_failed_at,
      previous_key_sealed, previous_key_fingerprint, previous_key_exchanged_at,
      previous_key_failures, previous_key_failed_at, previous_key_replaced_at
      """;

  private static final String FIND =
      "SELECT id, "
          + COLUMNS
          + "FROM identity WHERE appid = ? AND openid = ? AND key_sealed IS NOT NULL";

  /** The update count decides, so that concurrent tries cannot exceed the number that is left. */
  private static final String RESERVE_CURRENT =
      """
      UPDATE identity
      SET key_failures = CASE WHEN key_failures >= ? THEN 1 ELSE key_failures + 1 END,
          key_failed_at = ?
      WHERE id = ? AND key_fingerprint = ? AND (key_failures < ? OR key_failed_at <= ?)
      """;

  private static final String RESERVE_PREVIOUS =
      """
      UPDATE identity
      SET previous_key_failures =
            CASE WHEN previous_key_failures >= ? THEN 1 ELSE previous_key_failures + 1 END,
          previous_key_failed_at = ?
      WHERE id = ? AND previous_key_fingerprint = ?
        AND (previous_key_failures < ? OR previous_key_failed_at <= ?)
      """;

  private static final String GIVE_BACK_CURRENT =
      """
      UPDATE identity SET key_failures = key_failures - 1
      WHERE id = ? AND key_fingerprint = ? AND key_failures > 0
      """;

  private static final String GIVE_BACK_PREVIOUS =
      """
      UPDATE identity SET previous_key_failures = previous_key_failures - 1
      WHERE id = ? AND previous_key_fingerprint = ? AND previous_key_failures > 0
      """;

  private final Queries queries;

  SessionKeyDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns the keys of the identity; empty if it is not there or has never logged in. */
  Optional<IdentityKeys> find(String appId, String openId) {
    return queries.first(FIND, row -> new IdentityKeys(row.id("id"), slots(row)), appId, openId);
  }

  /**
   * Returns whether the key may be tried; if so, a failure is counted, which {@link #giveBack}
   * takes back.
   */
  boolean reserve(OpenedKey key, Instant now) {
    for (String slot : List.of(RESERVE_CURRENT, RESERVE_PREVIOUS)) {
      int reserved =
          queries.update(
              slot,
              SealedKey.MAX_FAILURES,
              now,
              key.identityId(),
              key.fingerprint(),
              SealedKey.MAX_FAILURES,
              now.minus(SealedKey.QUARANTINE));
      if (reserved == 1) {
        return true;
      }
    }
    return false;
  }

  void giveBack(OpenedKey key) {
    for (String slot : List.of(GIVE_BACK_CURRENT, GIVE_BACK_PREVIOUS)) {
      if (queries.update(slot, key.identityId(), key.fingerprint()) == 1) {
        return;
      }
    }
  }

  /**
   * Returns the slots in a row that has {@link #COLUMNS}; empty if it was imported and has never
   * logged in.
   */
  static Optional<KeySlots> slotsIfThere(Row row) throws SQLException {
    return row.optionalSecret("key_sealed").isPresent()
        ? Optional.of(slots(row))
        : Optional.empty();
  }

  /** Returns the slots in a row that has {@link #COLUMNS}. */
  static KeySlots slots(Row row) throws SQLException {
    SealedKey current =
        new SealedKey(
            row.secret("key_sealed"),
            row.secret("key_fingerprint"),
            row.time("key_exchanged_at"),
            row.integer("key_failures"),
            row.optionalTime("key_failed_at"));
    Optional<SealedKey> previous = Optional.empty();
    if (row.optionalSecret("previous_key_sealed").isPresent()) {
      previous =
          Optional.of(
              new SealedKey(
                  row.secret("previous_key_sealed"),
                  row.secret("previous_key_fingerprint"),
                  row.time("previous_key_exchanged_at"),
                  row.integer("previous_key_failures"),
                  row.optionalTime("previous_key_failed_at")));
    }
    return new KeySlots(current, previous, row.optionalTime("previous_key_replaced_at"));
  }

  /** The keys of one identity. */
  record IdentityKeys(UUID identityId, KeySlots slots) {}
}
