package io.thirdsession.app;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.DatabaseMember;
import io.thirdsession.testing.TestHttp.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What phones and balancers are told while the only database accepts no writes. */
class ReadOnlyDatabaseTest {
  private DatabaseMember member;
  private AppServer server;

  @BeforeEach
  void start() throws Exception {
    member = DatabaseMember.start("member-a");
    server =
        AppServer.start(
            DatabaseMember.url(member),
            "DB_USER",
            DatabaseMember.user(),
            "DB_PASSWORD",
            DatabaseMember.password());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    member.close();
  }

  @Test
  void theNodeIsNotReadyAndChecksGoOnUntilItCanWriteAgain() {
    assertEquals(200, server.http.get("/readyz").status());
    String token = server.login("alice").token();

    member.readOnly(true);
    eventually(() -> assertEquals(503, server.http.get("/readyz").status()));

    assertEquals(
        "{\"status\":\"not_ready\",\"database\":\"read_only\","
            + "\"schema\":\"ok\",\"configuration\":\"ok\"}",
        server.http.get("/readyz").text());
    assertEquals(200, server.http.check(token).status());
    Response refused = server.login("bob");
    assertEquals(503, refused.status());
    assertEquals("storage_unavailable", refused.field("error"));

    member.readOnly(false);
    eventually(() -> assertEquals(200, server.http.get("/readyz").status()));
    assertEquals(200, server.login("bob").status());
  }

  @Test
  void theNodeIsNotReadyAndChecksGoOnWhileNothingCanBeAdded() {
    String token = server.login("alice").token();
    member.execute(
        "CREATE TRIGGER thirdsession.full BEFORE INSERT ON thirdsession.session FOR EACH ROW"
            + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'table is full'");
    assertEquals(200, server.http.get("/readyz").status());

    Response refused = server.login("bob");

    assertEquals(503, refused.status());
    assertEquals("storage_unavailable", refused.field("error"));
    assertEquals(
        "{\"status\":\"not_ready\",\"database\":\"refused\","
            + "\"schema\":\"ok\",\"configuration\":\"ok\"}",
        server.http.get("/readyz").text());
    assertEquals(200, server.http.check(token).status());

    member.execute("DROP TRIGGER thirdsession.full");
    assertEquals(200, server.login("bob").status());
    eventually(() -> assertEquals(200, server.http.get("/readyz").status()));
  }

  /** As for a plugin that lets no statement through. */
  @Test
  void theNodeIsNotReadyWhenItsOwnRowCannotBeWritten() {
    member.execute(
        "CREATE TRIGGER thirdsession.refuse BEFORE UPDATE ON thirdsession.node FOR EACH ROW"
            + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 3098, MESSAGE_TEXT = 'no'");

    eventually(
        () ->
            assertEquals(
                "{\"status\":\"not_ready\",\"database\":\"refused\","
                    + "\"schema\":\"ok\",\"configuration\":\"ok\"}",
                server.http.get("/readyz").text()));

    member.execute("DROP TRIGGER thirdsession.refuse");
    eventually(() -> assertEquals(200, server.http.get("/readyz").status()));
  }
}
