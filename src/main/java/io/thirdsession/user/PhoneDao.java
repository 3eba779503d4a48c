package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The phone in the table {@code user}, on the connection or in the transaction given. */
final class PhoneDao {
  private static final String BIND =
      """
      UPDATE user
      SET phone_sealed = ?, phone_hash = ?, phone_source = ?, phone_bound_at = ?
      WHERE id = ?
      """;

  /** Not over another number. */
  private static final String BIND_SAME =
      """
      UPDATE user
      SET phone_sealed = ?, phone_hash = ?, phone_source = ?, phone_bound_at = ?
      WHERE id = ? AND (phone_hash IS NULL OR phone_hash IN (%s))
      """;

  private static final String UNBIND =
      """
      UPDATE user
      SET phone_sealed = NULL, phone_hash = NULL, phone_source = NULL, phone_bound_at = NULL
      WHERE id = ? AND phone_sealed IS NOT NULL
      """;

  /** Hashes begin with the id of their master key, so that those of one key stand together. */
  private static final String UNDER_KEY =
      """
      SELECT id, phone_sealed, phone_hash, phone_source, phone_bound_at
      FROM user
      WHERE phone_hash >= ? AND phone_hash < ? AND (phone_hash > ? OR id > ?)
      ORDER BY phone_hash, id
      LIMIT ?
      """;

  /** Not if it was bound anew, or unbound, since it was read. */
  private static final String REPLACE =
      "UPDATE user SET phone_sealed = ?, phone_hash = ? WHERE id = ? AND phone_sealed = ?";

  private final Queries queries;

  PhoneDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns whether the user is there. */
  boolean bind(UUID userId, StoredPhone phone) {
    int changed =
        queries.update(
            BIND, phone.sealed(), phone.hash(), phone.source().label(), phone.boundAt(), userId);
    return changed == 1;
  }

  /**
   * Returns whether it was bound: to a user who is there and had none, or had the same.
   *
   * @param hashes under which the same number may stand
   */
  boolean bindFirstOrSame(UUID userId, StoredPhone phone, List<Secret> hashes) {
    List<Object> parameters = new ArrayList<>();
    Collections.addAll(
        parameters, phone.sealed(), phone.hash(), phone.source().label(), phone.boundAt(), userId);
    parameters.addAll(hashes);
    String marks = String.join(", ", Collections.nCopies(hashes.size(), "?"));
    return queries.update(BIND_SAME.formatted(marks), parameters.toArray()) == 1;
  }

  /** Returns whether a phone was bound. */
  boolean unbind(UUID userId) {
    return queries.update(UNBIND, userId) == 1;
  }

  /**
   * Returns the next users whose hash is in this range, in the order of hash and id.
   *
   * @param after whom they follow; of no meaning for the first
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

  /** Puts the same number sealed anew in the place of what was read, if that is still there. */
  int replace(UUID userId, StoredPhone read, StoredPhone anew) {
    return queries.update(REPLACE, anew.sealed(), anew.hash(), userId, read.sealed());
  }

  /** Returns the phone in a row with the columns of one. */
  static Optional<StoredPhone> optional(Row row) throws SQLException {
    Optional<Secret> sealed = row.optionalSecret("phone_sealed");
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StoredPhone(
            sealed.get(),
            row.secret("phone_hash"),
            PhoneSource.of(row.text("phone_source")),
            row.time("phone_bound_at")));
  }

  /** Who holds a number. */
  record Holder(UUID userId, StoredPhone phone) {}
}
