package io.thirdsession.jdbc;

import static io.thirdsession.jdbc.SchemaFault.Part.SCHEMA;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Checks that a server supports the SQL that we use and will accept our writes. */
public final class ServerCheck {
  private static final String BINLOG =
      "SHOW VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format')";

  private ServerCheck() {}

  /**
   * Checks the server's version and how it logs changes.
   *
   * @throws SchemaFault if the server is older than MySQL 8.0 or MariaDB 10.11, or refuses writes
   *     at READ COMMITTED
   * @throws SQLException if the server cannot be queried
   */
  static void check(Connection connection) throws SQLException {
    checkVersion(connection.getMetaData());
    Map<String, String> variables = new HashMap<>();
    new Transaction(connection)
        .list(BINLOG, row -> variables.put(row.text("Variable_name"), row.text("Value")));
    checkBinlog(variables.getOrDefault("log_bin", ""), variables.getOrDefault("binlog_format", ""));
  }

  static void checkVersion(DatabaseMetaData server) throws SQLException {
    String version = server.getDatabaseProductVersion();
    String name = server.getDatabaseProductName() + " " + version;
    if (!isSupported(name, version)) {
      throw new SchemaFault(
          SCHEMA, "the database is " + name + "; MySQL 8.0 or MariaDB 10.11 or newer is needed");
    }
  }

  /**
   * Returns whether a server is MySQL 8.0, MariaDB 10.11 or newer.
   *
   * @param name what tells which of the two it is; may hold more than that
   * @param version its version, as it says it
   */
  public static boolean isSupported(String name, String version) {
    boolean mariaDb = name.toLowerCase(Locale.ROOT).contains("mariadb");
    // MariaDB before 11 calls itself 5.5.5-10.11.6 to please old clients
    String number = mariaDb && version.startsWith("5.5.5-") ? version.substring(6) : version;
    String[] parts = number.split("[^0-9]+", 3);
    int major = Integer.parseInt(parts[0]);
    int minor = parts.length > 1 && !parts[1].isEmpty() ? Integer.parseInt(parts[1]) : 0;
    return mariaDb ? major > 10 || (major == 10 && minor >= 11) : major >= 8;
  }

  /** With statement-based logging, InnoDB refuses every write at READ COMMITTED (error 1665). */
  static void checkBinlog(String logBin, String format) {
    if (logBin.equalsIgnoreCase("ON") && format.equalsIgnoreCase("STATEMENT")) {
      throw new SchemaFault(
          SCHEMA,
          "the database has binlog_format=STATEMENT and would refuse every login (1665);"
              + " cure: binlog_format=ROW, or MIXED");
    }
  }
}
