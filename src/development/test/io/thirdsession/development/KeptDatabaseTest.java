package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptDatabaseTest {
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
  void takesAnEmptyDatabase() {
    require();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "latest"})
  void takesTablesOfTheseFilesAllOrTheFirst(String version) {
    migrate(version);

    require();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'",
        "UPDATE flyway_schema_history SET description = 'another name' WHERE version = '2'",
        "UPDATE flyway_schema_history SET version = '4' WHERE version = '3'",
      })
  void saysInOneLineToEmptyTheFolderWhereTheFilesWereOthers(String difference) {
    migrate("latest");
    database.execute(difference);

    IllegalStateException fault = assertThrows(IllegalStateException.class, this::require);

    assertEquals(
        "the database in target/dev was made by another edition of sql/: empty target/dev"
            + " (its users and keys go with it)",
        fault.getMessage());
  }

  private void require() {
    KeptDatabase.requireThisEdition(database.url(), TestDatabase.user(), TestDatabase.password());
  }

  private void migrate(String version) {
    Flyway.configure()
        .dataSource(database.url(), TestDatabase.user(), TestDatabase.password())
        .locations("classpath:sql")
        .target(MigrationVersion.fromVersion(version))
        .load()
        .migrate();
  }
}
