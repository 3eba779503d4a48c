package io.thirdsession.history;

import io.thirdsession.history.Stored.Identity;
import io.thirdsession.history.Stored.Session;
import io.thirdsession.history.Trail.Event;
import io.thirdsession.testing.TestDatabase;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads what a database holds at the end. */
final class Scan {
  private Scan() {}

  static Stored stored(Connection connection) throws SQLException {
    return new Stored(
        list(connection, "SELECT id FROM user", row -> id(row, 1)),
        list(
            connection,
            "SELECT openid, user_id FROM identity",
            row -> new Identity(row.getString(1), id(row, 2))),
        list(
            connection,
            "SELECT sid, user_id FROM session",
            row -> new Session(id(row, 1), id(row, 2))),
        TestDatabase.orphans(connection));
  }

  static List<Event> events(Connection connection) throws SQLException {
    return list(
        connection,
        "SELECT event, sid FROM audit WHERE sid IS NOT NULL",
        row -> new Event(row.getString(1), id(row, 2)));
  }

  /** Returns what is stored of what was to be told; at place 0 what has none. */
  static List<HeardEvent> told(Connection connection) throws SQLException {
    return list(
        connection,
        "SELECT COALESCE(seq, 0), type, user_id FROM event WHERE user_id IS NOT NULL",
        row -> new HeardEvent(row.getLong(1), row.getString(2), id(row, 3)));
  }

  /** Returns how many events nobody was told of yet. */
  static int eventsOnTheirWay(Connection connection) throws SQLException {
    return list(
            connection,
            "SELECT (SELECT COUNT(*) FROM webhook_delivery)"
                + " + (SELECT COUNT(*) FROM event WHERE seq IS NULL)",
            row -> row.getInt(1))
        .get(0);
  }

  /** What is made of a row. */
  @FunctionalInterface
  private interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private static <T> List<T> list(Connection connection, String sql, Mapper<T> mapper)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> values = new ArrayList<>();
      while (rows.next()) {
        values.add(mapper.map(rows));
      }
      return values;
    }
  }

  private static String id(ResultSet row, int column) throws SQLException {
    ByteBuffer bytes = ByteBuffer.wrap(row.getBytes(column));
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }
}
