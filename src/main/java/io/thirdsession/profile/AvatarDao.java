package io.thirdsession.profile;

import io.thirdsession.jdbc.Queries;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads and writes the table {@code avatar}, on the given connection or in the given transaction.
 */
final class AvatarDao {
  private static final String PUT =
      """
      INSERT INTO avatar (user_id, avatar_id, jpeg, created_at)
      VALUES (?, ?, ?, ?)
      ON DUPLICATE KEY UPDATE
        avatar_id = VALUES(avatar_id), jpeg = VALUES(jpeg), created_at = VALUES(created_at)
      """;

  private static final String FIND =
      """
      SELECT a.jpeg
      FROM avatar a
      JOIN user u ON u.id = a.user_id
      WHERE a.avatar_id = ?
      """;

  private static final String OF_USER = "SELECT jpeg, created_at FROM avatar WHERE user_id = ?";

  private static final String DELETE = "DELETE FROM avatar WHERE user_id = ?";

  private static final String SET_URL =
      "UPDATE user SET avatar_url = ?, profile_stale_at = NULL WHERE id = ?";

  private final Queries queries;

  AvatarDao(Queries queries) {
    this.queries = queries;
  }

  /** Stores the picture, replacing the user's last one; the user's row must be locked already. */
  void put(UUID userId, byte[] avatarId, byte[] jpeg, Instant now) {
    queries.update(PUT, userId, avatarId, jpeg, now);
  }

  /** Makes this the user's avatar, which locks the user's row; returns whether the user exists. */
  boolean setUrl(UUID userId, String path) {
    return queries.update(SET_URL, path, userId) == 1;
  }

  Optional<byte[]> find(byte[] avatarId) {
    return queries.first(FIND, row -> row.bytes("jpeg"), avatarId);
  }

  Optional<Avatar> ofUser(UUID userId) {
    return queries.first(
        OF_USER,
        row ->
            new Avatar(
                Base64.getEncoder().encodeToString(row.bytes("jpeg")), row.time("created_at")),
        userId);
  }

  /** Deletes the user's picture and returns how many there were. */
  int delete(UUID userId) {
    return queries.update(DELETE, userId);
  }
}
