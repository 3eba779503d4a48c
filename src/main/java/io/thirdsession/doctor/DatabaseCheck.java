package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.http.Message;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Readiness;
import io.thirdsession.jdbc.ServerCheck;
import io.thirdsession.jdbc.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Whether the database can be used, may be used, and is set up for us. */
final class DatabaseCheck implements Check {
  private static final String NAME = "database";
  private static final String VERSION = "database-version";
  private static final String RIGHTS = "database-rights";
  private static final String SCHEMA = "database-schema";
  private static final String TABLES = "database-tables";
  private static final String CLOCK = "database-clock";

  /** Of a node that is to be ready. */
  private static final Duration MAX_SKEW = Duration.ofSeconds(30);

  /** A quarter of that is worth a word. */
  private static final Duration GOOD_SKEW = Duration.ofSeconds(5);

  private final Supplier<Readiness> readiness;
  private final ServerDao server;
  private final VariablesCheck variables;
  private final Clock clock;

  DatabaseCheck(
      Supplier<Readiness> readiness, ServerDao server, VariablesCheck variables, Clock clock) {
    this.readiness = readiness;
    this.server = server;
    this.variables = variables;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    List<Finding> found = new ArrayList<>();
    Readiness now = readiness.get();
    found.add(reached(now));
    if (now.schema().equals("ok") && !now.database().equals("away")) {
      try {
        look(found, deadline);
      } catch (StorageException e) {
        found.add(broken());
      }
    }
    return CompletableFuture.completedFuture(found);
  }

  private void look(List<Finding> found, Deadline deadline) {
    found.add(version(server.version(deadline)));
    found.add(rights(server.missingRights(deadline)));
    found.add(schema(server.schemaVersion(deadline)));
    found.add(tables(server.foreignTables(deadline)));
    Instant before = clock.instant();
    found.add(clock(Duration.between(server.now(deadline), before)));
    found.addAll(variables.judge(server.variables(deadline), server.liveNodes(deadline)));
  }

  private static Finding reached(Readiness now) {
    if (now.ready()) {
      return Finding.ok(NAME, new Message("数据库可用", "the database can be used"));
    }
    if (!now.database().equals("ok")) {
      return switch (now.database()) {
        case "read_only" ->
            Finding.failed(
                NAME,
                new Message("数据库只读，无法登录", "the database cannot write: nobody can log in"),
                new Message(
                    "在主库上执行 SET GLOBAL read_only=0，或者让 DB_URL 指向可写的服务器",
                    "SET GLOBAL read_only=0 on the primary, or name in DB_URL the server that can"
                        + " write"));
        case "refused" ->
            Finding.failed(
                NAME,
                new Message("数据库拒绝连接", "the database refuses connections"),
                new Message(
                    "检查 DB_USER、DB_PASSWORD 和 max_connections；日志中有原因",
                    "check DB_USER, DB_PASSWORD and max_connections; the log has the reason"));
        default ->
            Finding.failed(
                NAME,
                new Message("数据库无法连接", "the database does not answer"),
                new Message(
                    "检查 DB_URL 中的主机、端口和防火墙，确认数据库正在运行",
                    "check host and port in DB_URL and the firewall, and that the database runs"));
      };
    }
    return Finding.failed(
        NAME,
        new Message(
            "节点未就绪：schema=" + now.schema() + "，configuration=" + now.configuration(),
            "the node is not ready: schema="
                + now.schema()
                + ", configuration="
                + now.configuration()),
        new Message(
            "日志中有以 database 或 clocks 开头的原因；表结构见 sql/",
            "the log has the reason in a line that begins with database or clocks; the tables are in"
                + " sql/"));
  }

  private static Finding version(String version) {
    return ServerCheck.isSupported(version, version)
        ? Finding.ok(VERSION, new Message("数据库版本 " + version, "the database is " + version))
        : Finding.failed(
            VERSION,
            new Message("不支持的数据库版本 " + version, "the database is " + version),
            new Message(
                "升级到 MySQL 8.0 或 MariaDB 10.11 以上",
                "MySQL 8.0 or MariaDB 10.11 or newer is needed"));
  }

  private static Finding rights(List<String> missing) {
    String list = String.join(", ", missing);
    return missing.isEmpty()
        ? Finding.ok(RIGHTS, new Message("DB_USER 的权限齐全", "DB_USER may do what it has to"))
        : Finding.failed(
            RIGHTS,
            new Message(
                "DB_USER 缺少权限（或表不存在）：" + list,
                "DB_USER lacks rights, or the table is missing: " + list),
            new Message(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON 数据库.* TO DB_USER 的账号",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON the database.* TO the account of DB_USER"));
  }

  private static Finding schema(int version) {
    int ours = Database.schemaVersion();
    if (version == ours) {
      return Finding.ok(
          SCHEMA, new Message("表结构版本 " + version, "the tables have version " + version));
    }
    return version > ours
        ? Finding.warning(
            SCHEMA,
            new Message(
                "表结构版本 " + version + "，本节点为 " + ours + "：已有更新的节点",
                "the tables have version "
                    + version
                    + ", this node "
                    + ours
                    + ": a newer node has been started"),
            new Message("把本节点也升级", "install the newer build here too"))
        : Finding.failed(
            SCHEMA,
            new Message(
                "表结构版本 " + version + "，需要 " + ours,
                "the tables have version " + version + ", and " + ours + " is needed"),
            new Message(
                "执行 sql/ 中缺少的文件，或者设置 MIGRATE=true 后重启",
                "run the files of sql/ that are missing, or set MIGRATE=true and start again"));
  }

  private static Finding tables(List<String> foreign) {
    String list = String.join(", ", foreign);
    return foreign.isEmpty()
        ? Finding.ok(
            TABLES, new Message("所有表都是 InnoDB、utf8mb4", "all tables are InnoDB and utf8mb4"))
        : Finding.failed(
            TABLES,
            new Message(
                "表不是 InnoDB 或 utf8mb4：" + list, "tables are not InnoDB and utf8mb4: " + list),
            new Message(
                "ALTER TABLE … ENGINE=InnoDB, CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
                "ALTER TABLE … ENGINE=InnoDB, CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"));
  }

  private static Finding clock(Duration ahead) {
    String seconds = ahead.toSeconds() + " s";
    Message found =
        new Message(
            "本节点的时钟比数据库快 " + seconds,
            "this node's clock is " + seconds + " ahead of the database's");
    if (ahead.abs().compareTo(GOOD_SKEW) <= 0) {
      return Finding.ok(CLOCK, found);
    }
    Message cure =
        new Message("在节点和数据库上启用时间同步（chrony、NTP）", "let chrony or NTP set the clocks of both");
    return ahead.abs().compareTo(MAX_SKEW) <= 0
        ? Finding.warning(CLOCK, found, cure)
        : Finding.failed(CLOCK, found, cure);
  }

  private static Finding broken() {
    return Finding.warning(
        NAME,
        new Message("检查到一半时数据库失去响应", "the database stopped answering while it was looked at"),
        new Message("先处理数据库的问题，然后重试", "cure the database, then ask again"));
  }
}
