package io.thirdsession.session;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import io.thirdsession.json.Json;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table {@code session}, on the connection or in the transaction that was given. */
final class SessionDao {
  private static final String INSERT =
      """
      INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address,
                           device)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /** Three reads by primary key; a disabled user has no session, whatever rows are left. */
  private static final String FIND =
      """
      SELECT s.sid, s.secret_hash, s.user_id, s.last_seen_at, i.app_id, i.openid, i.unionid
      FROM session s
      JOIN identity i ON i.id = s.identity_id
      JOIN user u ON u.id = s.user_id
      WHERE s.sid = ? AND u.disabled_at IS NULL
      """;

  private static final String OF_USER =
      """
      SELECT sid, secret_hash, identity_id, last_seen_at, origin
      FROM session
      WHERE user_id = ?
      """;

  private static final String DETAILS_OF_USER =
      """
      SELECT s.sid, s.last_seen_at, s.origin, s.address, s.device, i.app_id
      FROM session s
      JOIN identity i ON i.id = s.identity_id
      WHERE s.user_id = ?
      ORDER BY s.last_seen_at DESC, s.sid
      """;

  /** Never backwards: two checks at once may touch in either order. */
  private static final String TOUCH =
      "UPDATE session SET last_seen_at = ? WHERE sid = ? AND last_seen_at < ?";

  private static final String DELETE = "DELETE FROM session WHERE sid IN (%s)";

  private static final String DELETE_OF_USER = "DELETE FROM session WHERE user_id = ? AND sid = ?";

  private static final String LOCK = "SELECT sid FROM session WHERE sid = ? FOR UPDATE";

  private static final String DELETE_ALL_OF_USER =
      "DELETE FROM session WHERE user_id = ? AND (? IS NULL OR sid <> ?)";

  private final Queries queries;

  SessionDao(Queries queries) {
    this.queries = queries;
  }

  void insert(NewSession session, Instant now) {
    queries.update(
        INSERT,
        session.token().sid(),
        session.token().secretHash(),
        session.identity().userId(),
        session.identity().id(),
        now,
        session.origin().label(),
        session.address(),
        session.device());
  }

  /** Returns the session with this sid, live or not, with whom it belongs to. */
  Optional<StoredSession> find(UUID sid) {
    return queries.first(FIND, StoredSession::map, sid);
  }

  /** Returns all sessions of a user, live or not. */
  List<SessionOfUser> ofUser(UUID userId) {
    return queries.list(OF_USER, SessionOfUser::map, userId);
  }

  /** Returns all sessions of a user, live or not, as the user may see them, latest used first. */
  List<DeviceSession> detailsOfUser(UUID userId, SessionLifetime lifetime) {
    return queries.list(
        DETAILS_OF_USER,
        row ->
            new DeviceSession(
                row.id("sid"),
                row.text("app_id"),
                Uuid7.time(row.id("sid")),
                row.time("last_seen_at"),
                lifetime.expiresAt(row.id("sid"), row.time("last_seen_at")),
                row.text("origin"),
                row.text("address"),
                Json.value(row.text("device"))),
        userId);
  }

  void touch(UUID sid, Instant now) {
    queries.update(TOUCH, now, sid, now);
  }

  /** Deletes these sessions; ones that are gone already do not matter. */
  void delete(Collection<UUID> sids) {
    if (!sids.isEmpty()) {
      String marks = String.join(", ", Collections.nCopies(sids.size(), "?"));
      queries.update(DELETE.formatted(marks), sids.toArray());
    }
  }

  /** Deletes the session if it is this user's, and returns how many there were. */
  int deleteOfUser(UUID userId, UUID sid) {
    return queries.update(DELETE_OF_USER, userId, sid);
  }

  /** Returns whether the session is there; then it stays until the transaction ends. */
  boolean lock(UUID sid) {
    return queries.first(LOCK, row -> row.id("sid"), sid).isPresent();
  }

  /** Deletes the user's sessions, but for one if it is named. */
  int deleteAllOfUser(UUID userId, Optional<UUID> butFor) {
    return queries.update(DELETE_ALL_OF_USER, userId, butFor, butFor);
  }

  /** A row with what a check needs. */
  record StoredSession(
      UUID sid,
      Secret secretHash,
      UUID userId,
      Instant lastSeenAt,
      String appId,
      String openId,
      Optional<String> unionId) {
    static StoredSession map(Row row) throws SQLException {
      return new StoredSession(
          row.id("sid"),
          row.secret("secret_hash"),
          row.id("user_id"),
          row.time("last_seen_at"),
          row.text("app_id"),
          row.text("openid"),
          row.optionalText("unionid"));
    }
  }

  /** A row with what a login needs to decide which sessions go. */
  record SessionOfUser(
      UUID sid, Secret secretHash, UUID identityId, Instant lastSeenAt, String origin) {
    static SessionOfUser map(Row row) throws SQLException {
      return new SessionOfUser(
          row.id("sid"),
          row.secret("secret_hash"),
          row.id("identity_id"),
          row.time("last_seen_at"),
          row.text("origin"));
    }
  }
}
