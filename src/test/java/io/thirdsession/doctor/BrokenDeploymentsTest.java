package io.thirdsession.doctor;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.DatabaseMember;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each is broken in one way, and the doctor names the cure. Among them: a database that is away, is
 * read-only, or forgets; an account without a right; a missing table, one without transactions,
 * tables of another version; a clock that is wrong; too many nodes; PUBLIC_URL that is missing, not
 * https; a proxy that is not trusted, or does not say who asks; calls of back ends that are open;
 * an AppSecret or AppID that is wrong; an address outside of the whitelist; WeChat that cannot be
 * reached, or is not WeChat. What needs another container or certificate is broken in {@link
 * TomcatCheckTest} and {@link OutsideCheckTest}, rows under old master keys in {@link
 * KeysCheckTest}.
 */
class BrokenDeploymentsTest extends SharedAppTestBase {
  BrokenDeploymentsTest() {
    super(
        "SERVICE_CLIENTS",
        TestClients.setting(),
        "TRUSTED_PROXIES",
        "127.0.0.0/8",
        "RATE_LIMITS",
        "login=1000/1m");
  }

  @BeforeEach
  void setTheClock() {
    server.clock.set(Instant.now());
  }

  @Test
  void aGoodOne() {
    server.app.rotateMasterKeys();
    Diagnosis good = Diagnosis.of(server, "X-Forwarded-For", "192.0.2.1");

    for (String name :
        new String[] {
          "database",
          "database-version",
          "database-rights",
          "database-schema",
          "database-tables",
          "database-clock",
          "database-writes",
          "database-connections",
          "master-keys",
          "proxies",
          "rate-limits",
          "sessions",
          "context-path",
          "wechat-secret",
          "wechat-token",
          "wechat-clock",
          "wechat-calls",
        }) {
      good.assertOk(name);
    }
  }

  @Test
  void theDatabaseIsAway() throws Exception {
    try (TcpProxy way = TcpProxy.to(database.url());
        NodeOf node = new NodeOf(server.anotherNode(Map.of("DB_URL", way.url())))) {
      eventually(() -> Diagnosis.of(node.server).assertOk("database"));
      way.cut();

      eventually(
          () ->
              Diagnosis.of(node.server)
                  .assertSick("failed", "database", "does not answer", "DB_URL"));
    }
  }

  @Test
  void theDatabaseIsReadOnly() throws Exception {
    try (DatabaseMember member = DatabaseMember.start("doctor");
        AppServer node =
            AppServer.start(
                DatabaseMember.url(member),
                "DB_USER",
                DatabaseMember.user(),
                "DB_PASSWORD",
                DatabaseMember.password(),
                "SERVICE_CLIENTS",
                TestClients.setting())) {
      Diagnosis.of(node).assertOk("database");
      member.readOnly(true);

      eventually(
          () ->
              Diagnosis.of(node)
                  .assertSick("failed", "database", "cannot write", "SET GLOBAL read_only=0"));
    }
  }

  @Test
  void theAccountMayNotDeleteTheAuditTrail() throws Exception {
    String name = database.column("SELECT DATABASE()").get(0);
    String account = "doctor_" + ProcessHandle.current().pid();
    database.execute("CREATE USER " + account + " IDENTIFIED BY 'canary-database-password'");
    try {
      for (String table : database.column("SHOW TABLES")) {
        String rights = table.equals("audit") ? "SELECT, INSERT, UPDATE" : "ALL";
        database.execute("GRANT " + rights + " ON " + name + "." + table + " TO " + account);
      }
      try (NodeOf node =
          new NodeOf(
              server.anotherNode(
                  Map.of(
                      "DB_USER",
                      account,
                      "DB_PASSWORD",
                      "canary-database-password",
                      "MIGRATE_USER",
                      TestDatabase.user(),
                      "MIGRATE_PASSWORD",
                      TestDatabase.password())))) {
        Diagnosis.of(node.server)
            .assertSick("failed", "database-rights", "DELETE ON audit", "GRANT SELECT");
      }
    } finally {
      database.execute("DROP USER " + account);
    }
  }

  @Test
  void aTableIsMissing() {
    database.execute("RENAME TABLE avatar TO avatar_away");
    try {
      Diagnosis.of(server).assertSick("failed", "database-rights", "SELECT ON avatar", "GRANT");
    } finally {
      database.execute("RENAME TABLE avatar_away TO avatar");
    }
  }

  @Test
  void aTableHasNoTransactions() {
    database.execute("ALTER TABLE lease ENGINE = MyISAM");
    try {
      Diagnosis.of(server)
          .assertSick("failed", "database-tables", "lease (MyISAM", "ENGINE=InnoDB");
    } finally {
      database.execute("ALTER TABLE lease ENGINE = InnoDB");
    }
  }

  @Test
  void theTablesAreOlderThanTheNode() {
    database.execute("DELETE FROM schema_version WHERE version = 4");
    try {
      Diagnosis.of(server).assertSick("failed", "database-schema", "version 3", "MIGRATE=true");
    } finally {
      database.execute("INSERT INTO schema_version (version) VALUES (4)");
    }
  }

  @Test
  void theTablesAreNewerThanTheNode() {
    database.execute("INSERT INTO schema_version (version) VALUES (5)");
    try {
      Diagnosis.of(server).assertSick("warning", "database-schema", "version 5", "newer build");
    } finally {
      database.execute("DELETE FROM schema_version WHERE version = 5");
    }
  }

  @Test
  void theClockIsWrong() {
    server.clock.advance(Duration.ofSeconds(20));
    Diagnosis.of(server).assertSick("warning", "database-clock", "ahead", "chrony");

    server.clock.advance(Duration.ofSeconds(20));
    Diagnosis.of(server).assertSick("failed", "database-clock", "ahead", "chrony");
  }

  @Test
  void thereAreMoreNodesThanTheDatabaseTakes() {
    database.execute(
        IntStream.range(0, 300)
            .mapToObj("(UNHEX(LPAD(HEX(%d), 32, '0')), UNIX_TIMESTAMP() * 1000, 1)"::formatted)
            .collect(
                Collectors.joining(", ", "INSERT INTO node (id, seen_at, writes) VALUES ", "")));
    try {
      Diagnosis.of(server)
          .assertSick("failed", "database-connections", "nodes need", "max_connections");
    } finally {
      database.execute("DELETE FROM node WHERE writes = 1");
    }
  }

  @Test
  void theDatabaseForgetsWhatItCommitted() {
    int before = database.number("SELECT @@GLOBAL.innodb_flush_log_at_trx_commit");
    int beforeBinlog = database.number("SELECT @@GLOBAL.sync_binlog");
    database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
    database.execute("SET GLOBAL sync_binlog = 1");
    try {
      Diagnosis.of(server)
          .assertSick("warning", "database-durability", "at_trx_commit=2", "set both to 1");
      database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
      Diagnosis.of(server).assertOk("database-durability");
    } finally {
      database.execute("SET GLOBAL innodb_flush_log_at_trx_commit = " + before);
      database.execute("SET GLOBAL sync_binlog = " + beforeBinlog);
    }
  }

  @Test
  void publicUrlIsMissingOrPlain() throws Exception {
    Diagnosis.of(server).assertSick("warning", "public-url", "not set", "PUBLIC_URL=https");

    try (NodeOf node = new NodeOf(server.anotherNode(Map.of("PUBLIC_URL", "http://127.0.0.1:1")))) {
      Diagnosis.of(node.server).assertSick("failed", "public-url", "not https", "https://");
    }
  }

  @Test
  void aProxyIsNotTrusted() throws Exception {
    try (NodeOf node = new NodeOf(server.anotherNode(Map.of("TRUSTED_PROXIES", "10.0.0.1")))) {
      Diagnosis.of(node.server, "X-Forwarded-For", "192.0.2.1")
          .assertSick("failed", "proxies", "127.0.0.1", "add 127.0.0.1 to TRUSTED_PROXIES");
      Diagnosis.of(node.server).assertOk("proxies");
    }
  }

  @Test
  void aTrustedProxyDoesNotSayWhoAsks() {
    Diagnosis.of(server)
        .assertSick("failed", "proxies", "sends no X-Forwarded-For", "let the proxy send it");
    Diagnosis.of(server, "X-Forwarded-For", "unknown")
        .assertSick("failed", "proxies", "other than IP addresses", "only the client's IP address");
    Diagnosis.of(server, "X-Forwarded-For", "192.0.2.1:4711")
        .assertSick("warning", "proxies", "has a port", "IP address alone");
  }

  @Test
  void ratesAreNotLimitedAndSessionsAreShort() throws Exception {
    try (NodeOf node =
        new NodeOf(server.anotherNode(Map.of("RATE_LIMITS", "off", "SESSION_IDLE", "60s")))) {
      Diagnosis found = Diagnosis.of(node.server);

      found.assertSick("warning", "rate-limits", "off", "remove RATE_LIMITS=off");
      found.assertSick("warning", "sessions", "1 min", "10m");
    }
  }

  @Test
  void whatIsForBackEndsIsOpenToTheOutsideAndAskingIsNotWrittenDown() throws Exception {
    try (NodeOf node =
        new NodeOf(server.anotherNode(Map.of("PUBLIC_URL", server.http.base().toString())))) {
      List<String> before = database.column("SELECT COUNT(*) FROM audit");

      Diagnosis found = Diagnosis.of(node.server);

      found.assertSick("failed", "outside-closed", "/api/introspect (405)", "in the proxy");
      found.assertSick("failed", "outside-closed", "/metrics (405)", "in the proxy");
      assertEquals(before, database.column("SELECT COUNT(*) FROM audit"));
    }
    Diagnosis.of(server).assertSick("warning", "outside", "PUBLIC_URL", "set PUBLIC_URL");
  }

  @Test
  void theAppSecretIsWrong() throws Exception {
    try (NodeOf node =
        new NodeOf(server.anotherNode(Map.of("WX_APPS", APP + ":canary-wrong-app-secret")))) {
      Diagnosis found = Diagnosis.of(node.server);

      found.assertSick("failed", "wechat-secret", "40125", "mend the AppSecret in WX_APPS");
      found.assertSick("failed", "wechat-token", "40125", "mend the AppSecret in WX_APPS");
      assertFalse(found.body().toString().contains("canary"));
    }
  }

  @Test
  void theAppIdIsWrong() throws Exception {
    try (NodeOf node =
        new NodeOf(server.anotherNode(Map.of("WX_APPS", "wx00:canary-wrong-app-secret")))) {
      Diagnosis.of(node.server)
          .assertSick("failed", "wechat-secret", "40013", "mend the AppID in WX_APPS");
    }
  }

  @Test
  void theServerIsNotInTheWhitelist() throws Exception {
    server.weChat.faults(
        Fault.raw(
                "{\"errcode\":40164,\"errmsg\":\"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9,"
                    + " not in whitelist rid: 0\"}")
            .on("/cgi-bin/stable_token"));
    try (NodeOf node = new NodeOf(server.anotherNode())) {
      Diagnosis found = Diagnosis.of(node.server);

      found.assertOk("wechat-secret");
      found.assertSick(
          "failed", "wechat-token", "40164", "address 203.0.113.9 to the IP whitelist");
    } finally {
      server.weChat.faults(Fault.of(FaultMode.OK));
    }
  }

  @Test
  void weChatCannotBeReached() throws Exception {
    String nobody = "http://127.0.0.1:" + Ports.free();
    try (NodeOf node = new NodeOf(server.anotherNode(Map.of("WX_API_URL", nobody)))) {
      Diagnosis found = Diagnosis.of(node.server);

      found.assertSick("failed", "wechat-secret", "nothing could be sent", "firewall");
      found.assertSick("warning", "wechat-clock", "no response", "ask again");
    }
  }

  @Test
  void whatAnswersIsNotWeChat() {
    server.weChat.faults(Fault.raw("<html>").on("/sns/jscode2session"));
    try {
      Diagnosis.of(server).assertSick("failed", "wechat-secret", "not a JSON", "WX_API_URL");
    } finally {
      server.weChat.faults(Fault.of(FaultMode.OK));
    }
  }

  @Test
  void whatAnswersTakesAnyCode() {
    server.weChat.faults(
        Fault.raw(
                "{\"openid\":\"oAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"session_key\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}")
            .on("/sns/jscode2session"));
    try {
      Diagnosis.of(server).assertSick("warning", "wechat-secret", "simulator", "remove WX_API_URL");
    } finally {
      server.weChat.faults(Fault.of(FaultMode.OK));
    }
  }

  @Test
  void theClockIsNotWeChats() {
    Diagnosis.of(server).assertOk("wechat-clock");
    server.weChat.advance(Duration.ofSeconds(40));
    try {
      Diagnosis.of(server).assertSick("failed", "wechat-clock", "-40 s ahead", "chrony");
    } finally {
      server.weChat.reset();
    }
  }

  /** Another node, which ends alone. */
  private record NodeOf(AppServer server) implements AutoCloseable {
    @Override
    public void close() {
      server.stopNode();
    }
  }
}
