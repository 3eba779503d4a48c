package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedDatabaseTest {
  private static final Path HOME = Path.of("target", "embedded-database-test");

  @Test
  void keepsDataBetweenStarts() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(HOME, "kept", 0)) {
      database.createDatabase("app");
      run(database, "CREATE OR REPLACE TABLE word (text VARCHAR(8))");
      run(database, "INSERT INTO word VALUES ('微信😀')");
    }

    try (EmbeddedDatabase database = EmbeddedDatabase.start(HOME, "kept", 0);
        Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM word")) {
      assertTrue(rows.next());
      assertEquals("微信😀", rows.getString(1));
    }
  }

  /** A server that starts deletes the temporary tables that it finds, another server's too. */
  @Test
  void sharesNoTemporaryFilesWithOtherServers() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(HOME, "apart", 0)) {
      database.createDatabase("app");
      try (Connection connection = connect(database);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT @@tmpdir")) {
        assertTrue(rows.next());
        assertEquals(HOME.resolve("apart.tmp").toAbsolutePath(), Path.of(rows.getString(1)));
      }
    }
  }

  @Test
  void givesAFolderToOneOwnerAtATime() {
    try (EmbeddedDatabase first = EmbeddedDatabase.start(HOME, "owned", 0)) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> EmbeddedDatabase.start(HOME, "owned", 0));

      assertTrue(refused.getMessage().endsWith("owned is in use by this JVM already"));
      first.createDatabase("still_there");
    }
  }

  @Test
  void saysInOneLineWhyTheServerDoesNotStart() {
    IllegalStateException failed =
        assertThrows(
            IllegalStateException.class,
            () -> EmbeddedDatabase.start(HOME, "failing", 0, "--no-such-option"));

    String message = failed.getMessage();
    assertTrue(message.contains("unknown option '--no-such-option'"), message);
    assertTrue(message.contains("DB_URL"), message);
    assertEquals(1, message.lines().count());
  }

  @ParameterizedTest
  @CsvSource({"Linux,amd64,linux", "Mac OS X,aarch64,osx", "Windows 11,amd64,winx64"})
  void knowsThePlatformsOfMariaDb4j(String osName, String osArch, String platform) {
    assertEquals(platform, ServerBinaries.platform(osName, osArch));
  }

  @Test
  void namesTheWayOutWhereThereIsNoBinary() {
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class, () -> ServerBinaries.platform("Linux", "aarch64"));

    assertTrue(refused.getMessage().contains("Linux on aarch64: set DB_URL"));
  }

  private static void run(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return TestDatabase.connect(database.jdbcUrl("app"), database.user(), database.password());
  }
}
