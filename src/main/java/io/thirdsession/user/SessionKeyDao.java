package io.thirdsession.user;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The session_keys of an identity, and how often each has failed. */
final class SessionKeyDao {
  private static final String FIND =
      """
      SELECT id, key_sealed, key_fingerprint, key_exchanged_at, key_failures, key_failed_at,
             previous_key_sealed, previous_key_fingerprint, previous_key_exchanged_at,
             previous_key_failures, previous_key_failed_at, previous_key_replaced_at
      FROM identity
      WHERE app_id = ? AND openid = ?
      """;

  /** The update count decides: of tries at once, no more than are left go on. */
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

  Optional<IdentityKeys> find(String appId, String openId) {
    return queries.first(FIND, row -> new IdentityKeys(row.id("id"), slots(row)), appId, openId);
  }

  /** Returns whether the key may be tried; a failure is counted until it is given back. */
  boolean reserve(HeldKey key, Instant now) {
    for (String slot : List.of(RESERVE_CURRENT, RESERVE_PREVIOUS)) {
      int reserved =
          queries.update(
              slot,
              StoredKey.MOST_FAILURES,
              now,
              key.identityId(),
              key.fingerprint(),
              StoredKey.MOST_FAILURES,
              now.minus(StoredKey.QUARANTINE));
      if (reserved == 1) {
        return true;
      }
    }
    return false;
  }

  void giveBack(HeldKey key) {
    for (String slot : List.of(GIVE_BACK_CURRENT, GIVE_BACK_PREVIOUS)) {
      if (queries.update(slot, key.identityId(), key.fingerprint()) == 1) {
        return;
      }
    }
  }

  /** Returns the slots in a row of {@code identity} with the columns of both. */
  static KeySlots slots(Row row) throws SQLException {
    StoredKey current =
        new StoredKey(
            row.secret("key_sealed"),
            row.secret("key_fingerprint"),
            row.time("key_exchanged_at"),
            row.integer("key_failures"),
            row.optionalTime("key_failed_at"));
    Optional<StoredKey> previous = Optional.empty();
    if (row.optionalSecret("previous_key_sealed").isPresent()) {
      previous =
          Optional.of(
              new StoredKey(
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
