package io.thirdsession.bench.rows;

import io.thirdsession.Uuid7;
import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.keys.Mac;
import io.thirdsession.session.SessionToken;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Puts users, identities and sessions into the tables, 500 rows a transaction: a larger one would
 * slow the whole server down afterwards, where tables have foreign keys. Sessions began over the
 * last six days and were used just now, so that checks do not touch them. Not thread-safe.
 */
public final class Filler {
  private static final Duration SPREAD = Duration.ofDays(6);
  private static final int BATCH = 500;
  private static final int HASH_BYTES = 32;

  /** A prime: users get their sessions in an order that has nothing to do with their ids. */
  private static final long SHUFFLE = 2_654_435_761L;

  private static final String USER =
      "INSERT INTO user (id, created_at, last_login_at) VALUES (?, ?, ?)";

  private static final String IDENTITY =
      "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at, key_sealed,"
          + " key_fingerprint, key_exchanged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String SESSION =
      "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address,"
          + " device) VALUES (?, ?, ?, ?, ?, 'login', '127.0.0.1', '{}')";

  private final BenchKeys keys;
  private final int maxSessions;
  private final long nowMillis = System.currentTimeMillis();
  private final Population population;
  private int sessions;

  /** Will fill empty tables up to so many users and sessions, in steps. */
  public Filler(BenchKeys keys, int maxUsers, int maxSessions) {
    this.keys = keys;
    this.maxSessions = maxSessions;
    this.population = new Population(maxUsers, nowMillis - SPREAD.toMillis());
  }

  public Population population() {
    return population;
  }

  /** Adds what is missing to so many users and sessions. */
  public void fill(Connection connection, int toUsers, int toSessions) throws SQLException {
    connection.setAutoCommit(false);
    for (int from = population.users(); from < toUsers; from += BATCH) {
      users(connection, from, Math.min(from + BATCH, toUsers));
    }
    population.users(toUsers);
    for (; sessions < toSessions; sessions = Math.min(sessions + BATCH, toSessions)) {
      sessions(connection, sessions, Math.min(sessions + BATCH, toSessions));
    }
  }

  /**
   * Adds so many sessions that ended a day ago and lie before all others in the key, as those do
   * that nobody has purged yet.
   */
  public void expired(Connection connection, int count, Duration absolute) throws SQLException {
    connection.setAutoCommit(false);
    long last = nowMillis - absolute.plusDays(1).toMillis();
    RandomGenerator random = RandomGenerator.getDefault();
    for (int from = 0; from < count; from += BATCH) {
      try (PreparedStatement row = connection.prepareStatement(SESSION)) {
        for (int i = from; i < Math.min(from + BATCH, count); i++) {
          Instant began = Instant.ofEpochMilli(last - SPREAD.toMillis() / count * (count - i));
          int user = (int) (i * SHUFFLE % population.users());
          row.setBytes(1, Uuid7.bytes(Uuid7.next(began, random)));
          row.setBytes(2, new byte[HASH_BYTES]);
          row.setBytes(3, Uuid7.bytes(population.userId(user)));
          row.setBytes(4, Uuid7.bytes(population.identityId(user)));
          row.setLong(5, began.toEpochMilli());
          row.addBatch();
        }
        row.executeBatch();
        connection.commit();
      }
    }
  }

  private void users(Connection connection, int from, int to) throws SQLException {
    try (PreparedStatement user = connection.prepareStatement(USER);
        PreparedStatement identity = connection.prepareStatement(IDENTITY)) {
      for (int i = from; i < to; i++) {
        user.setBytes(1, Uuid7.bytes(population.userId(i)));
        user.setLong(2, nowMillis);
        user.setLong(3, nowMillis);
        user.addBatch();
        identity(identity, i);
        identity.addBatch();
      }
      user.executeBatch();
      identity.executeBatch();
      connection.commit();
    }
  }

  private void identity(PreparedStatement row, int user) throws SQLException {
    String openId = WeChatStandIn.openId(user);
    UUID userId = population.userId(user);
    byte[] sessionKey = ByteBuffer.allocate(16).putLong(user).array();
    Mac mac = keys.identityMac(openId, userId);
    row.setBytes(1, Uuid7.bytes(population.identityId(user)));
    row.setBytes(2, Uuid7.bytes(userId));
    row.setString(3, BenchKeys.APP);
    row.setString(4, openId);
    row.setString(5, mac.keyId());
    row.setBytes(6, mac.value().bytes());
    row.setLong(7, nowMillis);
    row.setBytes(8, keys.sealed(sessionKey, openId));
    row.setBytes(9, keys.fingerprint(sessionKey));
    row.setLong(10, nowMillis - SPREAD.toMillis());
  }

  private void sessions(Connection connection, int from, int to) throws SQLException {
    try (PreparedStatement row = connection.prepareStatement(SESSION)) {
      for (int i = from; i < to; i++) {
        int user = (int) (i * SHUFFLE % population.users());
        long age = SPREAD.toMillis() - SPREAD.toMillis() * i / maxSessions;
        SessionToken token = keys.tokens().mint(Instant.ofEpochMilli(nowMillis - age));
        UUID userId = population.userId(user);
        UUID identityId = population.identityId(user);
        row.setBytes(1, Uuid7.bytes(token.sid()));
        row.setBytes(2, keys.secretHash(token.text(), userId, identityId));
        row.setBytes(3, Uuid7.bytes(userId));
        row.setBytes(4, Uuid7.bytes(identityId));
        row.setLong(5, nowMillis);
        row.addBatch();
        population.token(user, token.text());
      }
      row.executeBatch();
      connection.commit();
    }
  }
}
