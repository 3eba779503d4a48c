package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.DatabaseTestBase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of all users costs: as much among 10,000 as among a million. */
class NewestUsersPlanTest extends DatabaseTestBase {
  private static final int PAGE = 51;

  private static final byte[] END = bytes(0xFF);

  @BeforeEach
  void insertUsers() {
    testDatabase.execute(
        """
        INSERT INTO user (id, created_at, last_login_at)
        WITH RECURSIVE digit (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digit WHERE d < 9)
        SELECT UNHEX(CONCAT(LPAD(HEX(a.d * 1000 + b.d * 100 + c.d * 10 + e.d), 12, '0'),
                            '70008000000000000000')), 0, 0
        FROM digit a, digit b, digit c, digit e
        """,
        "ANALYZE TABLE user");
  }

  @Test
  void walksBackwardsAlongThePrimaryKeyWithoutSorting() throws SQLException {
    try (Connection connection = testDatabase.connect();
        PreparedStatement explain =
            connection.prepareStatement("EXPLAIN FORMAT=TRADITIONAL " + UserDao.NEWEST)) {
      explain.setBytes(1, END);
      explain.setInt(2, PAGE);
      try (ResultSet plan = explain.executeQuery()) {
        assertTrue(plan.next());
        assertEquals("range", plan.getString("type"));
        assertEquals("PRIMARY", plan.getString("key"));
        String extra = String.valueOf(plan.getString("Extra"));
        assertFalse(extra.contains("filesort") || extra.contains("temporary"), extra);
        assertFalse(plan.next());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0xFF, 0x00})
  void readsNoMoreRowsThanItReturns(int first) throws SQLException {
    byte[] before = bytes(first);
    before[4] = 0x10; // from the middle, where the first is 0
    try (Connection connection = testDatabase.connect();
        PreparedStatement page = connection.prepareStatement(UserDao.NEWEST);
        Statement statement = connection.createStatement()) {
      statement.execute("FLUSH STATUS");
      page.setBytes(1, before);
      page.setInt(2, PAGE);
      int rows = 0;
      try (ResultSet users = page.executeQuery()) {
        while (users.next()) {
          rows++;
        }
      }

      assertEquals(PAGE, rows);
      assertTrue(reads(statement) <= PAGE + 1, "rows read: " + reads(statement));
    }
  }

  private static int reads(Statement statement) throws SQLException {
    int reads = 0;
    try (ResultSet status =
        statement.executeQuery(
            "SHOW SESSION STATUS WHERE variable_name IN ('Handler_read_first',"
                + " 'Handler_read_key', 'Handler_read_last', 'Handler_read_next',"
                + " 'Handler_read_prev', 'Handler_read_rnd', 'Handler_read_rnd_next')")) {
      while (status.next()) {
        reads += status.getInt(2);
      }
    }
    return reads;
  }

  private static byte[] bytes(int first) {
    byte[] id = new byte[16];
    Arrays.fill(id, (byte) first);
    return id;
  }
}
