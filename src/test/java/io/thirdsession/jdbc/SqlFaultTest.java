package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFaultTest {
  /** Much of it bears the SQLState of a statement that is wrong. */
  @ParameterizedTest
  @CsvSource({
    "1040, 08004",
    "1041, HY000",
    "1044, 42000",
    "1045, 28000",
    "1049, 42000",
    "1203, 42000",
    "1226, 42000",
    "1461, 42000",
  })
  void whatTheServerRefusesIsNoFaultOfOurs(int code, String sqlState) {
    assertEquals(SqlFault.UNAVAILABLE, SqlFault.of(new SQLException("limit", sqlState, code)));
  }

  @ParameterizedTest
  @CsvSource({"1064, 42000", "1406, 22001", "1048, 23000"})
  void aWrongStatementIsOurs(int code, String sqlState) {
    assertEquals(SqlFault.OURS, SqlFault.of(new SQLException("wrong", sqlState, code)));
  }

  @ParameterizedTest
  @CsvSource({"1205, HY000", "1213, 40001", "0, 08S01"})
  void whatMaySucceedAtOnceOnAnotherConnectionIsTransient(int code, String sqlState) {
    assertEquals(SqlFault.TRANSIENT, SqlFault.of(new SQLException("again", sqlState, code)));
  }

  /** TiDB, whose transactions learn at their commit that another one was first. */
  @ParameterizedTest
  @CsvSource({"8002, HY000", "8005, HY000", "8022, HY000", "8028, HY000", "9007, HY000"})
  void whatTiDbRolledBackIsRepeatedAsTheVictimOfADeadlockIs(int code, String sqlState) {
    SQLException e = new SQLException("write conflict", sqlState, code);

    assertEquals(SqlFault.TRANSIENT, SqlFault.of(e));
    assertTrue(SqlFault.isRolledBack(e));
  }

  /** A Galera server that has lost the others: it lets nobody read or write its tables. */
  @Test
  void aServerThatIsOutsideItsClusterCannotWrite() {
    assertEquals(
        SqlFault.CANNOT_WRITE,
        SqlFault.of(
            new SQLException(
                "WSREP has not yet prepared node for application use", "08S01", 1047)));
  }

  @ParameterizedTest
  @CsvSource({"1290, HY000", "1792, 25006", "1836, HY000", "3100, HY000"})
  void aServerThatHasBecomeReadOnlyCannotWrite(int code, String sqlState) {
    assertEquals(SqlFault.CANNOT_WRITE, SqlFault.of(new SQLException("no", sqlState, code)));
  }

  @ParameterizedTest
  @CsvSource({"1665, HY000", "3098, HY000"})
  void aServerThatTakesNoWritesIsUnavailable(int code, String sqlState) {
    assertEquals(SqlFault.UNAVAILABLE, SqlFault.of(new SQLException("no", sqlState, code)));
  }
}
