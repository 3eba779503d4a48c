package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void bringsUpAnEmptyDatabaseAndDoesNothingTheSecondTime() throws SQLException {
    migrateAndCheck();
    migrateAndCheck();

    assertEquals(Schema.VERSION, database.number("SELECT MAX(version) FROM schema_version"));
  }

  @Test
  void goesOnAfterFilesThatWereRunByHand() throws Exception {
    runByHand();

    migrateAndCheck();

    assertEquals(List.of("BASELINE"), database.column("SELECT type FROM flyway_schema_history"));
  }

  @Test
  void acceptsFilesThatWereRunByHandWithoutMigrating() throws Exception {
    runByHand();

    try (Connection connection = database.connect()) {
      Schema.check(connection);
    }
  }

  @Test
  void refusesADatabaseWithoutTables() throws SQLException {
    try (Connection connection = database.connect()) {
      SchemaFault fault = assertThrows(SchemaFault.class, () -> Schema.check(connection));

      assertTrue(fault.getMessage().contains("MIGRATE=true"), fault.getMessage());
    }
  }

  @Test
  void refusesADatabaseOfANewerBuild() throws SQLException {
    migrateAndCheck();
    database.execute("INSERT INTO schema_version (version) VALUES (99)");

    try (Connection connection = database.connect()) {
      SchemaFault fault = assertThrows(SchemaFault.class, () -> Schema.check(connection));

      assertTrue(fault.getMessage().contains("schema version 99"), fault.getMessage());
    }
  }

  @Test
  void refusesAFileThatWasChangedAfterItWasApplied() throws SQLException {
    migrateAndCheck();
    database.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");

    SchemaFault fault = assertThrows(SchemaFault.class, this::migrateAndCheck);

    assertTrue(fault.getMessage().startsWith("sql/ cannot be applied"), fault.getMessage());
  }

  @Test
  void everyFileWritesItsNumberAndTheLastIsOurVersion() throws IOException {
    List<Path> files = files();

    for (Path file : files) {
      int number = number(file);
      assertTrue(
          Files.readString(file)
              .contains("INSERT INTO schema_version (version) VALUES (" + number + ");"),
          file.toString());
    }
    assertEquals(Schema.VERSION, number(files.get(files.size() - 1)));
  }

  @Test
  void everyTableAndColumnHasAComment() throws SQLException {
    migrateAndCheck();

    assertEquals(
        List.of(),
        database.column(
            """
            SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND column_comment = ''
              AND table_name <> 'flyway_schema_history'
            UNION ALL
            SELECT table_name FROM information_schema.tables
            WHERE table_schema = DATABASE() AND table_comment = ''
              AND table_name <> 'flyway_schema_history'
            """));
  }

  /** They make every commit slow for good on MySQL 9.7 once a stranger has run a large one. */
  @Test
  void hasNoForeignKeys() throws SQLException {
    migrateAndCheck();

    assertEquals(
        List.of(),
        database.column(
            """
            SELECT constraint_name FROM information_schema.referential_constraints
            WHERE constraint_schema = DATABASE()
            """));
  }

  @Test
  void everyTimeNamesItsUnit() throws SQLException {
    migrateAndCheck();

    assertEquals(
        List.of(),
        database.column(
            """
            SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns
            WHERE table_schema = DATABASE()
              AND (data_type = 'bigint' AND column_name <> 'n' AND column_name NOT LIKE '%seq'
                OR column_name LIKE '%\\_at' OR column_name LIKE '%until')
              AND column_comment NOT LIKE '%ms since 1970 UTC%'
              AND table_name <> 'flyway_schema_history'
            """));
  }

  @ParameterizedTest
  @CsvSource({
    "MySQL, 8.0.11",
    "MySQL, 8.4.3",
    "MySQL, 9.7.4-2",
    "MySQL, 10.0.1",
    "MariaDB, 10.11.6-MariaDB",
    "MySQL, 5.5.5-10.11.6-MariaDB-1",
    "MariaDB, 11.4.5-MariaDB",
    "MariaDB, 12.0.1-MariaDB",
  })
  void acceptsServersThatSpeakOurSql(String product, String version) throws SQLException {
    ServerCheck.checkVersion(server(product, version));
  }

  @ParameterizedTest
  @CsvSource({
    "MySQL, 5.7.44",
    "MySQL, 5.6.51-log",
    "MariaDB, 10.10.7-MariaDB",
    "MariaDB, 10.6.18-MariaDB",
    "MySQL, 5.5.5-10.6.18-MariaDB",
  })
  void refusesOlderServersAndSaysWhatWasFound(String product, String version) {
    SchemaFault fault =
        assertThrows(SchemaFault.class, () -> ServerCheck.checkVersion(server(product, version)));

    assertEquals(
        "the database is "
            + product
            + " "
            + version
            + "; MySQL 8.0 or MariaDB 10.11 or newer is needed",
        fault.getMessage());
  }

  private void migrateAndCheck() throws SQLException {
    try (Connection connection = database.connect()) {
      ServerCheck.checkVersion(connection.getMetaData());
      Schema.migrate(connection, database.settings());
      Schema.check(connection);
    }
  }

  /** What the mysql client does with the files: one statement after the other. */
  private void runByHand() throws IOException {
    for (Path file : files()) {
      String withoutComments = Files.readString(file).replaceAll("(?m)^--.*$", "");
      for (String statement : withoutComments.split(";\\s*\n")) {
        if (!statement.isBlank()) {
          database.execute(statement);
        }
      }
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sql"))) {
      return files.sorted(Comparator.comparing(SchemaTest::number)).toList();
    }
  }

  private static int number(Path file) {
    return Integer.parseInt(file.getFileName().toString().replaceAll("V(\\d+)__.*\\.sql", "$1"));
  }

  private static DatabaseMetaData server(String product, String version) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            SchemaTest.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getDatabaseProductName" -> product;
                  case "getDatabaseProductVersion" -> version;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
