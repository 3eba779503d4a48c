package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of DB_URL that the configuration guide allows, each with the whole application. */
class SubProtocolsTest {
  private TestDatabase database;

  @BeforeEach
  void create() {
    database = TestDatabase.create();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://%1$s,%1$s/%2$s",
        "jdbc:mysql://127.0.0.1:1,%1$s/%2$s",
        "jdbc:mysql:loadbalance://127.0.0.1:1,%1$s/%2$s",
        "jdbc:mysql:loadbalance://%1$s,%1$s/%2$s?loadBalanceStrategy=random",
        "jdbc:mysql:replication://%1$s,%1$s/%2$s",
        "jdbc:mysql://address=(host=127.0.0.1)(port=%3$s)/%2$s?",
      })
  void usersLogInWithEachForm(String form) throws Exception {
    String plain = database.url().substring("jdbc:mysql://".length());
    String hostAndPort = plain.substring(0, plain.indexOf('/'));
    String name = plain.substring(plain.indexOf('/') + 1).replaceFirst("\\?.*", "");
    String url = form.formatted(hostAndPort, name, hostAndPort.replaceFirst(".*:", ""));
    try (AppServer server = AppServer.start(url)) {
      String token = server.login("alice").token();

      assertEquals(200, server.http.check(token).status());
      assertEquals(204, server.http.logout(token).status());
      assertEquals(401, server.http.check(token).status());
    }
  }
}
