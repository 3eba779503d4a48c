package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.ClockCheck;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.StorageException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the database server says of itself and of our tables. Reads only. Thread-safe. */
final class ServerDao {
  private static final int DENIED_ON_TABLE = 1142;
  private static final int DENIED_ON_COLUMN = 1143;
  private static final int NO_SUCH_TABLE = 1146;

  /** Each table, and a column of it. */
  private static final Map<String, String> TABLES =
      Map.of(
          "user", "id",
          "identity", "id",
          "unionid_user", "unionid",
          "session", "sid",
          "avatar", "user_id",
          "master_key", "id",
          "audit", "id",
          "lease", "name",
          "node", "id");

  private static final String VARIABLES =
      """
      SHOW VARIABLES WHERE Variable_name IN (
        'log_bin', 'binlog_format', 'sql_mode', 'read_only', 'max_connections',
        'innodb_flush_log_at_trx_commit', 'sync_binlog')
      """;

  private static final String SCHEMA =
      "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version";

  private static final String LIVE_NODES =
      "SELECT COUNT(*) AS nodes FROM node WHERE seen_at > (UNIX_TIMESTAMP() - 60) * 1000";

  private static final String FOREIGN_TABLES =
      """
      SELECT CONCAT(table_name, ' (', engine, ', ', table_collation, ')') AS described
      FROM information_schema.tables
      WHERE table_schema = DATABASE()
        AND table_name IN (%s)
        AND (engine <> 'InnoDB' OR table_collation NOT LIKE 'utf8mb4%%')
      """
          .formatted(Queries.marks(TABLES.size()));

  private final Jdbc jdbc;

  ServerDao(Jdbc jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the server's version, such as {@code 8.4.3} or {@code 11.8.3-MariaDB}. */
  String version(Deadline deadline) {
    return jdbc.within(deadline)
        .first("SELECT VERSION() AS version", row -> row.text("version"))
        .orElse("");
  }

  /** Returns the variables that matter to us, by name; those that the server lacks are missing. */
  Map<String, String> variables(Deadline deadline) {
    Map<String, String> variables = new HashMap<>();
    jdbc.within(deadline)
        .list(VARIABLES, row -> variables.put(row.text("Variable_name"), row.text("Value")));
    return variables;
  }

  int schemaVersion(Deadline deadline) {
    return jdbc.within(deadline).first(SCHEMA, row -> row.integer("version")).orElse(0);
  }

  /** Returns how many nodes have written their row within a minute. */
  int liveNodes(Deadline deadline) {
    return jdbc.within(deadline).first(LIVE_NODES, row -> row.integer("nodes")).orElse(0);
  }

  Instant now(Deadline deadline) {
    return ClockCheck.databaseTime(jdbc.within(deadline));
  }

  /** Returns our tables that are not as our files make them, each with its engine and collation. */
  List<String> foreignTables(Deadline deadline) {
    return jdbc.within(deadline)
        .list(FOREIGN_TABLES, row -> row.text("described"), TABLES.keySet().toArray());
  }

  /**
   * Returns what DB_USER may not do to our tables, such as {@code DELETE ON audit}. To have a
   * statement explained takes the rights of the statement itself, and does nothing; the list of
   * grants would have to be read with its roles, patterns and exceptions.
   */
  List<String> missingRights(Deadline deadline) {
    Queries queries = jdbc.within(deadline);
    List<String> missing = new ArrayList<>();
    TABLES.keySet().stream()
        .sorted()
        .forEach(
            table -> {
              String column = TABLES.get(table);
              String select = "SELECT " + column + " FROM " + table;
              if (!explains(queries, select)) {
                missing.add("SELECT ON " + table);
                return; // the others read too
              }
              for (String statement :
                  List.of(
                      "INSERT INTO " + table + " SELECT * FROM " + table,
                      "UPDATE " + table + " SET " + column + " = " + column,
                      "DELETE FROM " + table + " WHERE " + column + " = ''")) {
                if (!explains(queries, statement)) {
                  missing.add(statement.substring(0, statement.indexOf(' ')) + " ON " + table);
                }
              }
            });
    return missing;
  }

  private static boolean explains(Queries queries, String statement) {
    try {
      queries.list("EXPLAIN " + statement, row -> "");
      return true;
    } catch (StorageException e) {
      int code = e.getCause() instanceof SQLException cause ? cause.getErrorCode() : 0;
      if (code == DENIED_ON_TABLE || code == DENIED_ON_COLUMN || code == NO_SUCH_TABLE) {
        return false;
      }
      throw e;
    }
  }
}
