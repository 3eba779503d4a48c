package io.thirdsession.jdbc;

import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This build on tables of the build before it, of the next one, and of the one after that. */
class SchemaRangeTest {
  private static final int NEXT = Schema.VERSION + 1;

  /** What a migration may do. */
  private static final String NEXT_FILE =
      """
      ALTER TABLE user
        ADD next_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the next build';
      ALTER TABLE user
        ADD UNIQUE KEY user_by_next_id (next_id);
      ALTER TABLE session
        ADD next_state TINYINT NOT NULL DEFAULT 0 COMMENT 'of the next build',
        MODIFY origin VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'wider';
      CREATE TABLE next_table (
        id BINARY(16) NOT NULL COMMENT 'of the next build',
        PRIMARY KEY (id)
      ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = 'of the next build';
      INSERT INTO schema_version (version) VALUES (%d);
      """
          .formatted(NEXT);

  @TempDir private Path nextFolder;
  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws IOException {
    Files.writeString(nextFolder.resolve("V" + NEXT + "__next.sql"), NEXT_FILE);
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void aNodeGoesOnWhileTheNextBuildMigratesAndAnotherOfItsBuildStarts() throws Exception {
    try (AppServer running = AppServer.start(database)) {
      String token = running.login("alice").token();

      migrateAsTheNextBuild();

      assertServes(running, token);
      try (AppServer started = AppServer.start(database)) {
        assertServes(started, token);
      }
    }
    assertEquals(NEXT, database.number("SELECT MAX(version) FROM schema_version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void startsWhereTheNextFileWasRunByHand(String migrate) throws Exception {
    runByHand(files());
    execute(NEXT_FILE);

    try (AppServer server = AppServer.start(database, "MIGRATE", migrate)) {
      assertServes(server, server.login("alice").token());
    }
  }

  @Test
  void refusesTablesThatAreTwoBuildsAhead() throws Exception {
    migrateAsTheNextBuild();
    database.execute("INSERT INTO schema_version (version) VALUES (" + (NEXT + 1) + ")");

    SchemaFault fault = assertThrows(SchemaFault.class, () -> AppServer.start(database).close());

    assertEquals(
        "the database has schema version %d, this build works with %d and %d; install a newer one"
            .formatted(NEXT + 1, Schema.VERSION, NEXT),
        fault.getMessage());
  }

  @Test
  void refusesOlderTablesIfItMayNotMigrate() throws Exception {
    List<Path> files = files();
    runByHand(files.subList(0, files.size() - 1));

    SchemaFault fault = assertThrows(SchemaFault.class, this::check);

    assertEquals(
        "the database has schema version %d, this build needs %d; run the files of sql/ that are missing, or set MIGRATE=true"
            .formatted(Schema.VERSION - 1, Schema.VERSION),
        fault.getMessage());
  }

  @Test
  void migratesOlderTables() throws Exception {
    List<Path> files = files();
    runByHand(files.subList(0, files.size() - 1));

    try (AppServer server = AppServer.start(database)) {
      assertServes(server, server.login("alice").token());
    }
    assertEquals(Schema.VERSION, database.number("SELECT MAX(version) FROM schema_version"));
  }

  /** Reads and writes every table of a user. */
  private static void assertServes(AppServer server, String token) {
    eventually(() -> assertEquals(200, server.http.get("/readyz").status()));
    assertEquals(200, server.http.check(token).status());
    String bob = server.login("bob").token();
    assertEquals(200, server.http.get("/api/me/export", bearer(bob)).status());
    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(bob)).status());
    assertEquals(401, server.http.check(bob).status());
  }

  private void migrateAsTheNextBuild() {
    Flyway.configure()
        .dataSource(database.url(), TestDatabase.user(), TestDatabase.password())
        .locations("filesystem:sql", "filesystem:" + nextFolder)
        .load()
        .migrate();
  }

  private void check() throws SQLException {
    try (Connection connection = database.connect()) {
      Schema.check(connection);
    }
  }

  private void runByHand(List<Path> files) throws IOException {
    for (Path file : files) {
      execute(Files.readString(file).replaceAll("(?m)^--.*$", ""));
    }
  }

  private void execute(String file) {
    for (String statement : file.split(";\\s*\n")) {
      if (!statement.isBlank()) {
        database.execute(statement);
      }
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sql"))) {
      return files.sorted().toList();
    }
  }
}
