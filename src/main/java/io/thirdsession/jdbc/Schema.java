package io.thirdsession.jdbc;

import static io.thirdsession.jdbc.SchemaFault.Part.SCHEMA;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The tables: brings them to the version that this build needs, and checks that they are there. */
final class Schema {
  /** The number of the newest file in {@code sql/}. */
  static final int VERSION = 3;

  private Schema() {}

  /**
   * Applies the files of {@code sql/} that the database has not seen. Where Flyway has left no
   * table but {@code schema_version} is there, the files were run by hand, and it begins after
   * them.
   *
   * @throws SchemaFault if a file fails or its text differs from the one that was applied
   * @throws SQLException if the database is away
   */
  static void migrate(Connection connection, DatabaseSettings settings) throws SQLException {
    FluentConfiguration configuration =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(
                ConnectionUrl.migrations(settings.url()),
                settings.migrateUser(),
                settings.migratePassword().text())
            .locations("classpath:sql")
            .loggers("slf4j");
    Optional<Integer> byHand = version(connection);
    boolean flywayKnows = tableExists(connection, "flyway_schema_history");
    try {
      if (byHand.isPresent() && !flywayKnows) {
        configuration.baselineVersion(MigrationVersion.fromVersion(byHand.get().toString()));
        configuration.load().baseline();
      }
      configuration.load().migrate();
    } catch (FlywayException e) {
      if (e.getCause() instanceof SQLException cause && SqlFault.of(cause) == SqlFault.TRANSIENT) {
        throw cause;
      }
      throw new SchemaFault(SCHEMA, "sql/ cannot be applied: " + oneLine(e));
    }
  }

  /**
   * Checks that the tables are those of this build.
   *
   * @throws SchemaFault if they are not
   */
  static void check(Connection connection) throws SQLException {
    Optional<Integer> found = version(connection);
    if (found.isEmpty()) {
      throw new SchemaFault(
          SCHEMA, "the database has no tables of ours; run the files of sql/, or set MIGRATE=true");
    }
    if (found.get() != VERSION) {
      throw new SchemaFault(
          SCHEMA,
          "the database has schema version " + found.get() + ", this build needs " + VERSION);
    }
  }

  /**
   * Checks that the server is one whose SQL we speak: MySQL 8.0 or MariaDB 10.11, or newer.
   *
   * @throws SchemaFault if it is not
   */
  static void checkServer(DatabaseMetaData server) throws SQLException {
    String version = server.getDatabaseProductVersion();
    String name = server.getDatabaseProductName() + " " + version;
    boolean mariaDb = name.toLowerCase(Locale.ROOT).contains("mariadb");
    // MariaDB before 11 calls itself 5.5.5-10.11.6 to please old clients
    String number = mariaDb && version.startsWith("5.5.5-") ? version.substring(6) : version;
    String[] parts = number.split("[^0-9]+", 3);
    int major = Integer.parseInt(parts[0]);
    int minor = parts.length > 1 && !parts[1].isEmpty() ? Integer.parseInt(parts[1]) : 0;
    boolean newEnough = mariaDb ? major > 10 || (major == 10 && minor >= 11) : major >= 8;
    if (!newEnough) {
      throw new SchemaFault(
          SCHEMA, "the database is " + name + "; MySQL 8.0 or MariaDB 10.11 or newer is needed");
    }
  }

  private static Optional<Integer> version(Connection connection) throws SQLException {
    if (!tableExists(connection, "schema_version")) {
      return Optional.empty();
    }
    return new Transaction(connection)
        .first(
            "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version",
            row -> row.integer("version"));
  }

  private static boolean tableExists(Connection connection, String table) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(connection.getCatalog(), null, table, null)) {
      return tables.next();
    }
  }

  private static String oneLine(Exception e) {
    return String.join(" ", String.valueOf(e.getMessage()).strip().lines().limit(8).toList());
  }
}
