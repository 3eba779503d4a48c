package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.jdbc.ConnectionFault.Kind;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionFaultTest {
  @ParameterizedTest
  @CsvSource({
    "1044, 42000, WRONG, grant",
    "1045, 28000, WRONG, password",
    "1049, 42000, WRONG, create the database",
    "1130, HY000, WRONG, host",
    "1142, 42000, WRONG, SELECT",
    "1193, HY000, WRONG, mysql-server_version",
    "1251, 08004, WRONG, caching_sha2_password",
    "1698, 28000, WRONG, give it a password",
    "1820, HY000, WRONG, expired",
    "1862, HY000, WRONG, expired",
    "3159, HY000, WRONG, sslMode=REQUIRED",
    "1040, 08004, REFUSED, max_connections",
    "1129, HY000, REFUSED, FLUSH HOSTS",
    "1203, 42000, REFUSED, max_user_connections",
    "1226, 42000, REFUSED, DB_POOL_SIZE",
    "3118, HY000, REFUSED, ACCOUNT UNLOCK",
    "4151, HY000, REFUSED, ACCOUNT UNLOCK",
  })
  void eachRefusalOfAServerHasItsWordAndItsCure(
      int code, String sqlState, Kind kind, String partOfCure) {
    ConnectionFault fault = ConnectionFault.of(new SQLException("no", sqlState, code));

    assertEquals(kind, fault.kind());
    assertTrue(fault.cure().orElseThrow().contains(partOfCure), fault.line());
  }

  @Test
  void aRefusalThatNobodyKnowsIsARefusalAllTheSame() {
    ConnectionFault fault = ConnectionFault.of(new SQLException("not today", "HY000", 1227));

    assertEquals(Kind.REFUSED, fault.kind());
    assertEquals(Optional.empty(), fault.cure());
    assertEquals("sqlState=HY000 code=1227 message=\"not today\"", fault.line());
  }

  @Test
  void aServerThatNobodyReachesIsAway() {
    SQLException e = new SQLException("Communications link failure\n\nThe last packet", "08S01", 0);
    e.initCause(new ConnectException("Connection refused"));

    ConnectionFault fault = ConnectionFault.of(e);

    assertEquals(Kind.AWAY, fault.kind());
    assertEquals(
        "sqlState=08S01 code=0 message=\"Communications link failure"
            + " (ConnectException: Connection refused)\"",
        fault.line());
  }

  @Test
  void aHostThatDoesNotResolveIsNamed() {
    SQLException e = new SQLException("Communications link failure", "08S01", 0);
    e.initCause(new UnknownHostException("db.example.com"));

    ConnectionFault fault = ConnectionFault.of(e);

    assertEquals(Kind.AWAY, fault.kind());
    assertTrue(fault.line().contains("db.example.com"), fault.line());
    assertTrue(fault.line().contains("no such host"), fault.line());
  }

  @Test
  void aPublicKeyThatTheDriverMayNotAskForIsWrongSettings() {
    ConnectionFault fault =
        ConnectionFault.of(
            new SQLNonTransientConnectionException(
                "Public Key Retrieval is not allowed", "08001", 0));

    assertEquals(Kind.WRONG, fault.kind());
    assertTrue(fault.line().contains("allowPublicKeyRetrieval=true"), fault.line());
  }

  @Test
  void whatThePoolWrapsIsWhatCounts() {
    SQLException refusal = new SQLException("Access denied for user 'shop'", "28000", 1045);
    SQLTransientConnectionException ofPool =
        new SQLTransientConnectionException("no connection within 1000 ms", "28000", 1045, refusal);

    assertEquals(ConnectionFault.of(refusal), ConnectionFault.of(ofPool));
  }

  @Test
  void aUrlThatIsQuotedDoesNotReachTheLog() {
    ConnectionFault fault =
        ConnectionFault.of(
            new SQLException("cannot parse jdbc:mysql://h/d?password=canary-in-url", "S1000", 0));

    assertFalse(fault.line().contains("canary"), fault.line());
    assertTrue(fault.line().contains("DB_URL is malformed"), fault.line());
  }
}
