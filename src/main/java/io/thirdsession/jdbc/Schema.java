package io.thirdsession.jdbc;

import static io.thirdsession.jdbc.SchemaFault.Part.SCHEMA;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings the tables to the version that this build needs, and checks their version. */
final class Schema {
  /** The number of the newest file in {@code sql/}. */
  static final int VERSION = 4;

  /**
   * The newest schema version that this build works with: each migration keeps the previous build
   * working.
   */
  static final int MAX_VERSION = VERSION + 1;

  private Schema() {}

  /**
   * Applies the files of {@code sql/} that have not been applied yet. If Flyway's table is missing
   * but {@code schema_version} exists, files were run by hand, and Flyway starts after them.
   *
   * @throws SchemaFault if a file fails, if an applied file has changed since, or if the tables are
   *     another application's
   * @throws SQLException if the database is unreachable
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
    if (byHand.isEmpty() && !flywayKnows) {
      checkEmpty(connection);
    }
    try {
      if (byHand.isPresent() && !flywayKnows) {
        configuration.baselineVersion(MigrationVersion.fromVersion(byHand.get().toString()));
        configuration.load().baseline();
      }
      configuration.load().migrate();
    } catch (FlywayException e) {
      if (e.getCause() instanceof SQLException cause && mayPass(cause)) {
        throw cause;
      }
      throw new SchemaFault(SCHEMA, "sql/ cannot be applied: " + oneLine(e));
    }
  }

  private static boolean mayPass(SQLException e) {
    return switch (SqlFault.of(e)) {
      case TRANSIENT, CANNOT_WRITE, UNAVAILABLE -> true;
      case DUPLICATE_KEY, OURS -> false;
    };
  }

  /** Throws if there are tables: we must not add ours to another application's database. */
  private static void checkEmpty(Connection connection) throws SQLException {
    try (ResultSet tables =
        connection.getMetaData().getTables(connection.getCatalog(), null, "%", null)) {
      if (tables.next()) {
        throw new SchemaFault(
            SCHEMA,
            "the database that DB_URL names holds tables of another application, such as "
                + tables.getString("TABLE_NAME")
                + "; cure: CREATE DATABASE thirdsession, and name that one");
      }
    }
  }

  /**
   * Returns the version of the tables, which must be this build's or the next: nodes are replaced
   * one by one, and the first new one migrates.
   *
   * @throws SchemaFault if it is any other, or if there are no tables of ours
   */
  static int check(Connection connection) throws SQLException {
    Optional<Integer> found = version(connection);
    if (found.isEmpty()) {
      throw new SchemaFault(
          SCHEMA, "the database has no tables of ours; run the files of sql/, or set MIGRATE=true");
    }
    int version = found.get();
    if (version < VERSION) {
      throw new SchemaFault(
          SCHEMA,
          "the database has schema version "
              + version
              + ", this build needs "
              + VERSION
              + "; run the files of sql/ that are missing, or set MIGRATE=true");
    }
    if (version > MAX_VERSION) {
      throw new SchemaFault(
          SCHEMA,
          "the database has schema version "
              + version
              + ", this build works with "
              + VERSION
              + " and "
              + MAX_VERSION
              + "; install a newer one");
    }
    return version;
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
