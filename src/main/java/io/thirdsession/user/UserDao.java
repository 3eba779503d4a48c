package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import io.thirdsession.phonebook.PhoneDao;
import io.thirdsession.profile.Profile;
import io.thirdsession.profile.ProfileChange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the tables {@code user} and {@code unionid_user}, on the given connection or in
 * the given transaction.
 */
final class UserDao {
  /**
   * The columns that {@link #map} reads from the table {@code user}, whose alias must be {@code u}.
   */
  static final String COLUMNS =
      """
      u.id AS user_id, u.created_at AS user_created_at, u.last_login_at, u.disabled_at,
      u.nick_name, u.avatar_url, u.gender, u.province, u.city, u.country, u.language, u.title,
      u.phone_sealed, u.phone_hash, u.phone_source, u.phone_bound_at, u.external_id,
      u.profile_stale_at
      """;

  private static final String INSERT =
      """
      INSERT INTO user (id, created_at, last_login_at, nick_name, avatar_url, gender)
      VALUES %s
      """;

  /**
   * One statement for any number of users, who are locked: none can have gone, so none is inserted.
   */
  private static final String UPDATE =
      """
      INSERT INTO user (id, created_at, last_login_at, nick_name, avatar_url, gender)
      VALUES %s
      ON DUPLICATE KEY UPDATE
          last_login_at = VALUES(last_login_at), nick_name = VALUES(nick_name),
          avatar_url = VALUES(avatar_url), gender = VALUES(gender)
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?)";

  private static final String CHANGE = "UPDATE user SET %s, profile_stale_at = NULL WHERE id = ?";

  private static final String MARK_STALE = "UPDATE user SET profile_stale_at = ? WHERE id = ?";

  private static final String FIND = "SELECT " + COLUMNS + "FROM user u WHERE u.id = ?";

  private static final String OF_IDS = "SELECT " + COLUMNS + "FROM user u WHERE u.id IN (%s)";

  static final String NEWEST =
      "SELECT " + COLUMNS + "FROM user u WHERE u.id < ? ORDER BY u.id DESC LIMIT ?";

  private static final String OF_IDENTITY =
      "SELECT "
          + COLUMNS
          + """
            FROM identity i
            JOIN user u ON u.id = i.user_id
            WHERE i.appid = ? AND i.openid = ?
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

  private static final String OF_EXTERNAL_ID =
      "SELECT " + COLUMNS + "FROM user u WHERE u.external_id = ?";

  private static final String SET_EXTERNAL_ID = "UPDATE user SET external_id = ? WHERE id = ?";

  /** Disabling a user twice keeps the time of the first. */
  private static final String DISABLE =
      "UPDATE user SET disabled_at = COALESCE(disabled_at, ?) WHERE id = ?";

  private static final String ENABLE = "UPDATE user SET disabled_at = NULL WHERE id = ?";

  private static final String LOCK_BY_UNIONID =
      "SELECT "
          + COLUMNS
          + """
            FROM unionid_user l
            LEFT JOIN user u ON u.id = l.user_id
            WHERE l.unionid = ?
            FOR UPDATE
            """;

  private static final String LINKED = "SELECT unionid FROM unionid_user WHERE unionid IN (%s)";

  private static final String UNLINK_UNIONID = "DELETE FROM unionid_user WHERE unionid = ?";

  private static final String LINK_UNIONID =
      "INSERT INTO unionid_user (unionid, user_id) VALUES (?, ?)";

  private static final Logger log = LoggerFactory.getLogger(UserDao.class);

  private final Queries queries;

  UserDao(Queries queries) {
    this.queries = queries;
  }

  /** Inserts users with what is known at their first login. */
  void insert(List<User> users) {
    queries.insertAll(INSERT, ROW, users, (values, user) -> values.addAll(values(user)));
  }

  /** Writes what a login changes of users who are locked. */
  void update(List<User> users) {
    List<Object> values = new ArrayList<>();
    users.forEach(user -> values.addAll(values(user)));
    String rows = String.join(", ", Collections.nCopies(users.size(), ROW));
    queries.update(UPDATE.formatted(rows), values.toArray());
  }

  private static List<Object> values(User user) {
    Profile profile = user.profile();
    return List.of(
        user.id(),
        user.createdAt(),
        user.lastLoginAt(),
        profile.nickName(),
        profile.avatarUrl(),
        profile.gender());
  }

  /** Returns the user. */
  Optional<User> find(UUID id) {
    return queries.first(FIND, UserDao::map, id);
  }

  List<User> ofIds(List<UUID> ids) {
    return queries.list(OF_IDS.formatted(Queries.marks(ids.size())), UserDao::map, ids.toArray());
  }

  /** Returns at most {@code max} users whose ids are before this one, newest first. */
  List<User> newest(UUID before, int max) {
    return queries.list(NEWEST, UserDao::map, before, max);
  }

  Optional<User> ofIdentity(String appId, String openId) {
    return queries.first(OF_IDENTITY, UserDao::map, appId, openId);
  }

  List<User> ofUnionId(String unionId) {
    return queries.list(OF_UNIONID, UserDao::map, unionId);
  }

  /** Returns all holders of a number, most recently bound first. */
  List<User> ofPhone(List<Secret> hashes) {
    return queries.list(
        OF_PHONE.formatted(Queries.marks(hashes.size())), UserDao::map, hashes.toArray());
  }

  List<User> ofExternalId(String externalId) {
    return queries.list(OF_EXTERNAL_ID, UserDao::map, externalId);
  }

  /**
   * Gives the user this external id, or none; returns whether the user exists.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another user has it
   */
  boolean setExternalId(UUID id, Optional<String> externalId) {
    return queries.update(SET_EXTERNAL_ID, externalId, id) == 1;
  }

  /** Disables the user; returns whether the user exists. */
  boolean disable(UUID id, Instant now) {
    return queries.update(DISABLE, now, id) == 1;
  }

  /** Enables the user; returns whether the user exists. */
  boolean enable(UUID id) {
    return queries.update(ENABLE, id) == 1;
  }

  /** Notes since when WeChat has another name or picture of the user. */
  void markStale(UUID id, Instant since) {
    queries.update(MARK_STALE, since, id);
  }

  /** Writes these fields and no others; returns whether the user exists. */
  boolean change(UUID id, ProfileChange change) {
    List<String> assignments = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    change
        .columns()
        .forEach(
            (column, value) -> {
              assignments.add(column + " = ?");
              parameters.add(value);
            });
    parameters.add(id);
    String sql = CHANGE.formatted(String.join(", ", assignments));
    return queries.update(sql, parameters.toArray()) == 1;
  }

  /**
   * Returns the user to whom this unionid is linked; link and user stay locked until the
   * transaction ends. A link to a user who no longer exists is deleted, and nothing is returned.
   */
  Optional<User> lockByUnionId(String unionId) {
    Optional<Optional<User>> linked = queries.first(LOCK_BY_UNIONID, UserDao::mapIfThere, unionId);
    if (linked.isPresent() && linked.get().isEmpty()) {
      log.warn("orphan made way for a login table=unionid_user");
      queries.update(UNLINK_UNIONID, unionId);
    }
    return linked.flatMap(user -> user);
  }

  /** Returns those of these unionids that are linked to any user. */
  Set<String> linked(Set<String> unionIds) {
    if (unionIds.isEmpty()) {
      return Set.of();
    }
    List<String> padded = Queries.padded(unionIds);
    String sql = LINKED.formatted(Queries.marks(padded.size()));
    return new HashSet<>(queries.list(sql, row -> row.text("unionid"), padded.toArray()));
  }

  /**
   * Links the unionid to the user.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if it is linked already
   */
  void link(String unionId, UUID userId) {
    queries.update(LINK_UNIONID, unionId, userId);
  }

  /**
   * Returns the user in a row of an outer join that has {@link #COLUMNS}; empty if the join found
   * none.
   */
  static Optional<User> mapIfThere(Row row) throws SQLException {
    return row.optionalId("user_id").isPresent() ? Optional.of(map(row)) : Optional.empty();
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
        PhoneDao.optional(row),
        row.optionalText("external_id"),
        row.optionalTime("profile_stale_at"));
  }
}
