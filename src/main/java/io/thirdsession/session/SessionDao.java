package io.thirdsession.session;

import static java.util.stream.Collectors.toMap;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import io.thirdsession.json.Json;
import io.thirdsession.keys.Mac;
import io.thirdsession.user.Identity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The table {@code session}, on the connection or in the transaction that was given. */
final class SessionDao {
  private static final String INSERT =
      """
      INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address,
                           device)
      VALUES %s
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";

  /**
   * Three reads by primary key for each session. A disabled user has no session, whatever rows are
   * left; nor has a row one whose user or identity is gone, or whose identity is not the user's.
   */
  private static final String FIND =
      """
      SELECT s.sid, s.secret_hash, s.user_id, s.identity_id, s.last_seen_at,
             i.appid, i.openid, i.unionid, i.mac_key, i.mac, u.phone_source,
             u.external_id
      FROM session s
      JOIN identity i ON i.id = s.identity_id AND i.user_id = s.user_id
      JOIN user u ON u.id = s.user_id
      WHERE s.sid IN (%s) AND u.disabled_at IS NULL
      """;

  /** The same for 1, 2, 4, … 64 sids. */
  private static final List<String> FINDS =
      IntStream.iterate(1, sids -> sids <= CombinedReads.MAX_TOGETHER, sids -> 2 * sids)
          .mapToObj(sids -> FIND.formatted(Queries.marks(sids)))
          .toList();

  private static final String OF_USERS =
      """
      SELECT sid, secret_hash, user_id, identity_id, last_seen_at, origin
      FROM session
      WHERE user_id IN (%s)
      """;

  private static final String DETAILS_OF_USER =
      """
      SELECT s.sid, s.last_seen_at, s.origin, s.address, s.device, i.appid
      FROM session s
      JOIN identity i ON i.id = s.identity_id AND i.user_id = s.user_id
      JOIN user u ON u.id = s.user_id
      WHERE s.user_id = ?
      ORDER BY s.last_seen_at DESC, s.sid
      """;

  /** Never backwards: two nodes may touch in either order. */
  private static final String TOUCH =
      "UPDATE session SET last_seen_at = ? WHERE sid IN (%s) AND last_seen_at < ?";

  private static final String DELETE = "DELETE FROM session WHERE sid IN (%s)";

  private static final String DELETE_OF_USER = "DELETE FROM session WHERE user_id = ? AND sid = ?";

  private static final String LOCK = "SELECT sid FROM session WHERE sid = ? FOR UPDATE";

  private static final String DELETE_ALL_OF_USER =
      "DELETE FROM session WHERE user_id = ? AND (? IS NULL OR sid <> ?)";

  private final Queries queries;

  SessionDao(Queries queries) {
    this.queries = queries;
  }

  void insert(List<NewRow> sessions) {
    if (sessions.isEmpty()) {
      return;
    }
    List<Object> values = new ArrayList<>();
    for (NewRow row : sessions) {
      NewSession session = row.session();
      Collections.addAll(
          values,
          session.token().sid(),
          row.secretHash(),
          session.identity().userId(),
          session.identity().id(),
          session.at(),
          session.origin().label(),
          session.address(),
          session.device());
    }
    String rows = String.join(", ", Collections.nCopies(sessions.size(), ROW));
    queries.update(INSERT.formatted(rows), values.toArray());
  }

  /**
   * Returns the sessions with these sids that are there, live or not, with whom they belong to.
   *
   * @param sids 1 to 64
   */
  Map<UUID, StoredSession> find(Collection<UUID> sids) {
    List<UUID> padded = Queries.padded(sids);
    String sql = FINDS.get(Integer.numberOfTrailingZeros(padded.size()));
    return queries.list(sql, StoredSession::map, padded.toArray()).stream()
        .collect(toMap(StoredSession::sid, Function.identity()));
  }

  /** Returns all sessions of these users, live or not. */
  List<SessionOfUser> ofUsers(List<UUID> userIds) {
    if (userIds.isEmpty()) {
      return List.of();
    }
    List<UUID> padded = Queries.padded(userIds);
    return queries.list(
        OF_USERS.formatted(Queries.marks(padded.size())), SessionOfUser::map, padded.toArray());
  }

  /** Returns all sessions of a user, live or not, as the user may see them, latest used first. */
  List<DeviceSession> detailsOfUser(UUID userId, SessionLifetime lifetime) {
    return queries.list(
        DETAILS_OF_USER,
        row ->
            new DeviceSession(
                row.id("sid"),
                row.text("appid"),
                Uuid7.time(row.id("sid")),
                row.time("last_seen_at"),
                lifetime.expiresAt(row.id("sid"), row.time("last_seen_at")),
                row.text("origin"),
                row.text("address"),
                Json.value(row.text("device"))),
        userId);
  }

  /** Notes in the sessions that are still there that they were used at this moment. */
  void touch(List<UUID> sids, Instant now) {
    List<UUID> padded = Queries.padded(sids);
    List<Object> parameters = new ArrayList<>();
    parameters.add(now);
    parameters.addAll(padded);
    parameters.add(now);
    queries.update(TOUCH.formatted(Queries.marks(padded.size())), parameters.toArray());
  }

  /** Deletes those of these sessions that are there, and returns how many. */
  int delete(Collection<UUID> sids) {
    if (sids.isEmpty()) {
      return 0;
    }
    List<UUID> padded = Queries.padded(sids);
    return queries.update(DELETE.formatted(Queries.marks(padded.size())), padded.toArray());
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

  /** What is inserted of a session. */
  record NewRow(NewSession session, Secret secretHash) {}

  /** A row with what a check needs: the session, the identity that it names, the external id. */
  record StoredSession(
      UUID sid,
      Secret secretHash,
      Instant lastSeenAt,
      Identity identity,
      Mac identityMac,
      boolean hasProvenPhone,
      Optional<String> externalId) {
    private static final Set<String> PROVEN = Set.of("wx_code", "wx_encrypted");

    /** Returns the same, last used at this moment unless it was later. */
    StoredSession seenAt(Instant time) {
      return time.isAfter(lastSeenAt)
          ? new StoredSession(
              sid, secretHash, time, identity, identityMac, hasProvenPhone, externalId)
          : this;
    }

    /** By position, in the order of {@link #FIND}. */
    static StoredSession map(Row row) throws SQLException {
      return new StoredSession(
          row.id(1),
          row.secret(2),
          row.time(5),
          new Identity(row.id(4), row.id(3), row.text(6), row.text(7), row.optionalText(8)),
          new Mac(row.text(9), row.secret(10)),
          row.optionalText(11).filter(PROVEN::contains).isPresent(),
          row.optionalText(12));
    }
  }

  /** A row with what a login needs to decide which sessions go. */
  record SessionOfUser(
      UUID sid,
      Secret secretHash,
      UUID userId,
      UUID identityId,
      Instant lastSeenAt,
      String origin) {
    /** Returns the same, if it was not used later than is written. */
    SessionOfUser seenAt(Optional<Instant> later) {
      return later
          .filter(at -> at.isAfter(lastSeenAt))
          .map(at -> new SessionOfUser(sid, secretHash, userId, identityId, at, origin))
          .orElse(this);
    }

    static SessionOfUser map(Row row) throws SQLException {
      return new SessionOfUser(
          row.id("sid"),
          row.secret("secret_hash"),
          row.id("user_id"),
          row.id("identity_id"),
          row.time("last_seen_at"),
          row.text("origin"));
    }
  }
}
