package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.jdbc.Database;
import io.thirdsession.keys.Mac;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.user.IdentityDao.StoredIdentity;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A master key is added, becomes the active one, and the old one goes. */
class IdentityRotationTest extends AppTestBase {
  @Test
  void sessionsAndUsersOutliveTheKeyThatMadeThem() throws Exception {
    String old = server.login("alice").token();
    String bob = server.login("bob").userId();

    restart("MASTER_KEYS", TestKeys.setting("k1", "k2"));
    assertEquals(200, server.http.check(old).status());
    restart("MASTER_KEYS", TestKeys.setting("k2", "k1"));
    assertEquals(200, server.http.check(old).status(), "its tag is under k1");
    String anew = server.login("alice").token();
    assertEquals(200, server.http.check(old).status());
    assertEquals(200, server.http.check(anew).status());
    assertEquals(List.of("k1", "k2"), keys(), "a login makes its own anew");
    server.app.rotateMasterKeys();
    assertEquals(List.of("k2", "k2"), keys());

    restart("MASTER_KEYS", TestKeys.setting("k2"));
    assertEquals(401, server.http.check(old).status());
    assertEquals(200, server.http.check(anew).status());
    assertEquals(bob, server.login("bob").userId());
  }

  @Test
  void aKeyThatWentTooEarlyLetsItsUsersInAgainWhenItComesBack() throws Exception {
    String alice = server.login("alice").userId();

    restart("MASTER_KEYS", TestKeys.setting("k2"));
    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      assertEquals("internal_error", server.login("alice").field("error"));
      assertEquals(1, log.linesWith("stored value refused table=identity id=").size());
      assertEquals(1, log.linesWith("login refused: identity ").size());
    }

    restart("MASTER_KEYS", TestKeys.setting("k2", "k1"));
    assertEquals(alice, server.login("alice").userId());
  }

  @Test
  void identitiesUnderALostKeyAreBelievedWhereAnOperatorNamesIt() throws Exception {
    server.login("carol");
    database.execute("UPDATE identity SET mac_key = 'k9'");
    String alice = server.login("alice").userId();

    restart("MASTER_KEYS", TestKeys.setting("k2"), "LOST_MASTER_KEYS", "k1");
    assertEquals(500, server.login("alice").status(), "not yet");
    server.app.rotateMasterKeys();
    assertEquals(alice, server.login("alice").userId());
    assertEquals(500, server.login("carol").status(), "of a key that nobody has named");

    restart("MASTER_KEYS", TestKeys.setting("k2"));
    assertEquals(alice, server.login("alice").userId());
  }

  @Test
  void whatIsNotGenuineDoesNotBecomeSo() throws Exception {
    for (int i = 0; i < 250; i++) {
      server.login("user" + i);
    }
    database.execute("UPDATE identity SET openid = CONCAT(openid, 'x') LIMIT 130");

    restart("MASTER_KEYS", TestKeys.setting("k2", "k1"), "SERVICE_CLIENTS", TestClients.setting());
    server.app.rotateMasterKeys();

    assertEquals(130, database.number("SELECT COUNT(*) FROM identity WHERE mac_key = 'k1'"));
    assertEquals(
        130,
        Scrape.of(server).value("thirdsession_master_key_rows{key=\"k1\",table=\"identity\"}"));
    assertEquals(120, database.number("SELECT COUNT(*) FROM identity WHERE mac_key = 'k2'"));
  }

  @Test
  void neverUndoesWhatALoginWroteMeanwhile() {
    server.login("alice");
    Database own = new Database(database.settings(), queries -> {}, new Metrics());
    own.start();
    try {
      IdentityDao identities = new IdentityDao(own.jdbc());
      StoredIdentity read = identities.underKey("k1", new UUID(0, 0), 1).get(0);
      database.execute("UPDATE identity SET mac_key = 'k3'"); // as a login would
      Mac anew = new IdentityMacs(TestKeys.ring("k2")).of(read.identity());

      assertEquals(0, identities.replaceMac(read, anew));
      assertEquals(List.of("k3"), keys());
    } finally {
      own.close();
    }
  }

  private List<String> keys() {
    return database.column("SELECT mac_key FROM identity ORDER BY mac_key");
  }
}
