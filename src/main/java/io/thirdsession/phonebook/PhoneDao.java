package io.thirdsession.phonebook;

import io.thirdsession.Secret;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads and writes the phone in the table {@code user}, on the given connection or in the given
 * transaction.
 */
public final class PhoneDao {
  private static final String BIND =
      """
      UPDATE user
      SET phone_sealed = ?, phone_hash = ?, phone_source = ?, phone_bound_at = ?
      WHERE id = ?
      """;

  /**
   * Neither overwrites another number nor binds for a session that was ended while WeChat was
   * asked.
   */
  private static final String BIND_SAME =
      """
      UPDATE user
      SET phone_sealed = ?, phone_hash = ?, phone_source = ?, phone_bound_at = ?
      WHERE id = ? AND (phone_hash IS NULL OR phone_hash IN (%s))
        AND (? IS NULL OR EXISTS (SELECT 1 FROM session s WHERE s.sid = ? AND s.user_id = user.id))
      """;

  private static final String UNBIND =
      """
      UPDATE user
      SET phone_sealed = NULL, phone_hash = NULL, phone_source = NULL, phone_bound_at = NULL
      WHERE id = ? AND phone_sealed IS NOT NULL
      """;

  private static final String UNBIND_BOUND_BY = UNBIND + "  AND phone_bound_at <= ?";

  /**
   * Hashes begin with the id of their master key, so that those of one key are adjacent in the
   * index.
   */
  private static final String UNDER_KEY =
      """
      SELECT id, phone_sealed, phone_hash, phone_source, phone_bound_at
      FROM user
      WHERE phone_hash >= ? AND phone_hash < ? AND (phone_hash > ? OR id > ?)
      ORDER BY phone_hash, id
      LIMIT ?
      """;

  /** Changes nothing if the number was bound again or unbound since it was read. */
  private static final String REPLACE =
      "UPDATE user SET phone_sealed = ?, phone_hash = ? WHERE id = ? AND phone_sealed = ?";

  private static final String IS_USER = "SELECT id FROM user WHERE id = ?";

  private final Queries queries;

  PhoneDao(Queries queries) {
    this.queries = queries;
  }

  /** Binds the phone, replacing any other; returns whether the user exists. */
  boolean bind(UUID userId, SealedPhone phone) {
    int changed =
        queries.update(
            BIND, phone.sealed(), phone.hash(), phone.source().label(), phone.boundAt(), userId);
    return changed == 1;
  }

  /**
   * Binds the phone if the user exists and had none or the same number; returns whether it was
   * bound.
   *
   * @param hashes the hashes under which the same number may be stored
   * @param session the sid of a session that must still exist; empty for a login that keeps no
   *     session
   */
  boolean bindFirstOrSame(
      UUID userId, SealedPhone phone, List<Secret> hashes, Optional<UUID> session) {
    List<Object> parameters = new ArrayList<>();
    Collections.addAll(
        parameters, phone.sealed(), phone.hash(), phone.source().label(), phone.boundAt(), userId);
    parameters.addAll(hashes);
    parameters.add(session);
    parameters.add(session);
    String sql = BIND_SAME.formatted(Queries.marks(hashes.size()));
    return queries.update(sql, parameters.toArray()) == 1;
  }

  /** Unbinds the user's phone; returns whether one was bound. */
  boolean unbind(UUID userId) {
    return queries.update(UNBIND, userId) == 1;
  }

  /** Unbinds the number if it was bound by then, and returns whether there was such a one. */
  boolean unbind(UUID userId, Instant latest) {
    return queries.update(UNBIND_BOUND_BY, userId, latest) == 1;
  }

  /** Returns whether the user exists. */
  boolean isUser(UUID userId) {
    return queries.first(IS_USER, row -> row.id("id"), userId).isPresent();
  }

  /**
   * Returns at most {@code most} users whose hash is at least {@code least} and below {@code
   * beyond}, in the order of hash and id.
   *
   * @param after the last user already seen: of the users with the hash {@code least}, only those
   *     with a greater id are returned; ignored if no hash equals {@code least}
   */
  List<Holder> between(Secret least, Secret beyond, UUID after, int most) {
    return queries.list(
        UNDER_KEY,
        row -> new Holder(row.id("id"), optional(row).orElseThrow()),
        least,
        beyond,
        least,
        after,
        most);
  }

  /**
   * Replaces the phone that was read with the same number resealed, if it is still stored; returns
   * how many rows changed.
   */
  int replace(UUID userId, SealedPhone read, SealedPhone anew) {
    return queries.update(REPLACE, anew.sealed(), anew.hash(), userId, read.sealed());
  }

  /** Returns the phone in a row that has the phone columns; empty if none is bound. */
  public static Optional<SealedPhone> optional(Row row) throws SQLException {
    Optional<Secret> sealed = row.optionalSecret("phone_sealed");
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SealedPhone(
            sealed.get(),
            row.secret("phone_hash"),
            PhoneSource.of(row.text("phone_source")),
            row.time("phone_bound_at")));
  }

  /** A user and the phone they hold. */
  record Holder(UUID userId, SealedPhone phone) {}
}
