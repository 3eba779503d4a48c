package io.thirdsession.user;

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
 * The tables {@code user} and {@code unionid_user}, on the connection or in the transaction that
 * was given.
 */
final class UserDao {
  /** The columns that {@link #map} reads, of a table {@code user u}. */
  static final String COLUMNS =
      """
      u.id AS user_id, u.created_at AS user_created_at, u.last_login_at, u.disabled_at,
      u.nick_name, u.avatar_url, u.gender, u.province, u.city, u.country, u.language, u.title,
      u.phone_sealed, u.phone_hash, u.phone_source, u.phone_bound_at
      """;

  private static final String INSERT =
      """
      INSERT INTO user (id, created_at, last_login_at, nick_name, avatar_url, gender)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String UPDATE =
      """
      UPDATE user
      SET last_login_at = ?, nick_name = ?, avatar_url = ?, gender = ?
      WHERE id = ?
      """;

  private static final String CHANGE = "UPDATE user SET %s WHERE id = ?";

  private static final String FIND = "SELECT " + COLUMNS + "FROM user u WHERE u.id = ?";

  private static final String OF_IDS = "SELECT " + COLUMNS + "FROM user u WHERE u.id IN (%s)";

  private static final String OF_IDENTITY =
      "SELECT "
          + COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE i.app_id = ? AND i.openid = ?
            """;

  private static final String OF_UNIONID =
      "SELECT DISTINCT "
          + COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE i.unionid = ?
            ORDER BY u.id
            """;

  private static final String OF_PHONE =
      "SELECT "
          + COLUMNS
          + """
            FROM user u
            WHERE u.phone_hash IN (%s)
            ORDER BY u.phone_bound_at DESC, u.id DESC
            """;

  /** Disabled twice, a user stays disabled since the first time. */
  private static final String DISABLE =
      "UPDATE user SET disabled_at = COALESCE(disabled_at, ?) WHERE id = ?";

  private static final String ENABLE = "UPDATE user SET disabled_at = NULL WHERE id = ?";

  /** Foreign keys take identities, sessions and links along. */
  private static final String DELETE = "DELETE FROM user WHERE id = ?";

  private static final String LOCK_BY_UNIONID =
      "SELECT "
          + COLUMNS
          + """
            FROM unionid_user l
            JOIN user u ON u.id = l.user_id
            WHERE l.unionid = ?
            FOR UPDATE
            """;

  private static final String FIND_UNIONID = "SELECT user_id FROM unionid_user WHERE unionid = ?";

  private static final String LINK_UNIONID =
      "INSERT INTO unionid_user (unionid, user_id) VALUES (?, ?)";

  private final Queries queries;

  UserDao(Queries queries) {
    this.queries = queries;
  }

  /** Inserts a user with what is known at their first login. */
  void insert(User user) {
    Profile profile = user.profile();
    queries.update(
        INSERT,
        user.id(),
        user.createdAt(),
        user.lastLoginAt(),
        profile.nickName(),
        profile.avatarUrl(),
        profile.gender());
  }

  /** Writes what a login changes. */
  void update(User user) {
    Profile profile = user.profile();
    queries.update(
        UPDATE,
        user.lastLoginAt(),
        profile.nickName(),
        profile.avatarUrl(),
        profile.gender(),
        user.id());
  }

  /** Returns the user. */
  Optional<User> find(UUID id) {
    return queries.first(FIND, UserDao::map, id);
  }

  List<User> ofIds(List<UUID> ids) {
    return queries.list(OF_IDS.formatted(marks(ids.size())), UserDao::map, ids.toArray());
  }

  Optional<User> ofIdentity(String appId, String openId) {
    return queries.first(OF_IDENTITY, UserDao::map, appId, openId);
  }

  List<User> ofUnionId(String unionId) {
    return queries.list(OF_UNIONID, UserDao::map, unionId);
  }

  /** Returns all holders of a number, the newest binding first. */
  List<User> ofPhone(List<Secret> hashes) {
    return queries.list(OF_PHONE.formatted(marks(hashes.size())), UserDao::map, hashes.toArray());
  }

  /** Returns whether the user is there. */
  boolean disable(UUID id, Instant now) {
    return queries.update(DISABLE, now, id) == 1;
  }

  /** Returns whether the user is there. */
  boolean enable(UUID id) {
    return queries.update(ENABLE, id) == 1;
  }

  private static String marks(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** Writes these fields and no others; returns whether the user is there. */
  boolean change(UUID id, ProfileChange change) {
    List<String> assignments = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    change
        .values()
        .forEach(
            (field, value) -> {
              assignments.add(field.column() + " = ?");
              parameters.add(value);
            });
    parameters.add(id);
    String sql = CHANGE.formatted(String.join(", ", assignments));
    return queries.update(sql, parameters.toArray()) == 1;
  }

  /** Deletes the user with everything that refers to them, and returns how many there were. */
  int delete(UUID id) {
    return queries.update(DELETE, id);
  }

  /** Returns the user whom this unionid is linked to, locked until the transaction ends. */
  Optional<User> lockByUnionId(String unionId) {
    return queries.first(LOCK_BY_UNIONID, UserDao::map, unionId);
  }

  /** Returns whether this unionid is linked to a user, whoever that is. */
  boolean isLinked(String unionId) {
    return queries.first(FIND_UNIONID, row -> row.id("user_id"), unionId).isPresent();
  }

  /**
   * Links the unionid to the user.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if it is linked already
   */
  void link(String unionId, UUID userId) {
    queries.update(LINK_UNIONID, unionId, userId);
  }

  /** Returns the user in a row that has {@link #COLUMNS}. */
  static User map(Row row) throws SQLException {
    return new User(
        row.id("user_id"),
        row.time("user_created_at"),
        row.time("last_login_at"),
        row.optionalTime("disabled_at").isPresent(),
        new Profile(
            row.text("nick_name"),
            row.text("avatar_url"),
            row.integer("gender"),
            row.text("province"),
            row.text("city"),
            row.text("country"),
            row.text("language"),
            row.text("title")),
        PhoneDao.optional(row));
  }
}
