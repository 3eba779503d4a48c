package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.DatabaseTestBase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeRowTest extends DatabaseTestBase {
  private static final String COUNT = "SELECT COUNT(*) FROM node";

  private final NodeRow row = new NodeRow();

  @BeforeEach
  void withoutTheRowOfTheDatabaseThatWasStarted() {
    testDatabase.execute("DELETE FROM node");
  }

  @Test
  void eachWriteChangesTheOneRow() {
    row.write(database.jdbc());
    row.write(database.jdbc());
    row.write(database.jdbc());

    assertEquals(List.of("3"), testDatabase.column("SELECT writes FROM node"));
  }

  @Test
  void aRowThatWasDeletedIsWrittenAnew() {
    row.write(database.jdbc());
    testDatabase.execute("DELETE FROM node");

    row.write(database.jdbc());

    assertEquals(1, testDatabase.number(COUNT));
  }

  @Test
  void nodesThatWereNotSeenForADayAreDeletedByOneThatStarts() {
    insertNodeSeenSecondsAgo("01", 86_400 + 60);
    insertNodeSeenSecondsAgo("02", 86_400 - 60);

    row.write(database.jdbc());

    assertEquals(2, testDatabase.number(COUNT));
    assertEquals(1, testDatabase.number(COUNT + " WHERE id = UNHEX(RPAD('02', 32, '0'))"));
  }

  private void insertNodeSeenSecondsAgo(String id, int seconds) {
    testDatabase.execute(
        "INSERT INTO node (id, seen_at, writes) VALUES (UNHEX(RPAD('"
            + id
            + "', 32, '0')), (UNIX_TIMESTAMP() - "
            + seconds
            + ") * 1000, 1)");
  }
}
