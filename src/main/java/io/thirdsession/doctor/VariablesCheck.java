package io.thirdsession.doctor;

import io.thirdsession.http.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Judges the variables of a database server. Immutable. */
final class VariablesCheck {
  private static final String WRITES = "database-writes";
  private static final String DURABILITY = "database-durability";
  private static final String CONNECTIONS = "database-connections";

  /** Each makes another language of SQL, or nothing of what is empty. */
  private static final Set<String> BAD_MODES =
      Set.of("ANSI_QUOTES", "ORACLE", "MSSQL", "EMPTY_STRING_IS_NULL", "PAD_CHAR_TO_FULL_LENGTH");

  private static final Set<String> STRICT = Set.of("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES");

  /** What a node opens beside its pools: the connection by which it watches, and one to spare. */
  private static final int BESIDE_THE_POOLS = 2;

  private final int connectionsOfNode;

  VariablesCheck(DoctorSettings settings) {
    this.connectionsOfNode =
        settings.poolSize() + settings.transactionPoolSize() + BESIDE_THE_POOLS;
  }

  /**
   * Returns what these variables mean for us.
   *
   * @param nodes how many share the database
   */
  List<Finding> judge(Map<String, String> variables, int nodes) {
    return List.of(
        writes(variables), durability(variables), connections(variables, Math.max(1, nodes)));
  }

  private static Finding writes(Map<String, String> variables) {
    if (isOn(variables, "log_bin") && is(variables, "binlog_format", "STATEMENT")) {
      return Finding.failed(
          WRITES,
          new Message(
              "binlog_format=STATEMENT，所有写入都会被拒绝（1665）",
              "binlog_format=STATEMENT: every write is refused (1665)"),
          new Message("设置 binlog_format=ROW", "set binlog_format=ROW"));
    }
    Set<String> modes = new TreeSet<>(List.of(variables.getOrDefault("sql_mode", "").split(",")));
    Set<String> bad = new TreeSet<>(modes);
    bad.retainAll(BAD_MODES);
    if (!bad.isEmpty()) {
      String list = String.join(",", bad);
      return Finding.failed(
          WRITES,
          new Message(
              "sql_mode 含有 " + list + "，部分语句会出错", "sql_mode has " + list + ": statements fail"),
          new Message("从 sql_mode 中删除 " + list, "remove " + list + " from sql_mode"));
    }
    if (modes.stream().noneMatch(STRICT::contains)) {
      return Finding.warning(
          WRITES,
          new Message(
              "sql_mode 不是严格模式，过长的值会被悄悄截断",
              "sql_mode is not strict: what is too long is cut off without a word"),
          new Message("在 sql_mode 中加入 STRICT_TRANS_TABLES", "add STRICT_TRANS_TABLES to sql_mode"));
    }
    if (isOn(variables, "read_only")) {
      return Finding.warning(
          WRITES,
          new Message(
              "read_only=ON；DB_USER 只因拥有特殊权限才能写入",
              "read_only=ON: DB_USER can write only if it has rights that it should not have"),
          new Message(
              "让 DB_URL 指向主库，或者执行 SET GLOBAL read_only=0",
              "name the primary in DB_URL, or SET GLOBAL read_only=0"));
    }
    return Finding.ok(
        WRITES,
        new Message("binlog_format 和 sql_mode 没有问题", "binlog_format and sql_mode are right"));
  }

  private static Finding durability(Map<String, String> variables) {
    Set<String> loose = new TreeSet<>();
    if (!is(variables, "innodb_flush_log_at_trx_commit", "1")) {
      loose.add(shown(variables, "innodb_flush_log_at_trx_commit"));
    }
    if (isOn(variables, "log_bin") && !is(variables, "sync_binlog", "1")) {
      loose.add(shown(variables, "sync_binlog"));
    }
    String list = String.join(", ", loose);
    return loose.isEmpty()
        ? Finding.ok(DURABILITY, new Message("提交后即写入磁盘", "what is committed is on the disk"))
        : Finding.warning(
            DURABILITY,
            new Message(
                list + "：数据库主机断电会丢失最近的登录、退出和注销",
                list
                    + ": when the database's machine fails, its latest logins, logouts and erasures"
                    + " are lost"),
            new Message("两者都设为 1", "set both to 1"));
  }

  private Finding connections(Map<String, String> variables, int nodes) {
    int max = Integer.parseInt(variables.getOrDefault("max_connections", "0"));
    int needed = nodes * connectionsOfNode;
    Message found =
        new Message(
            nodes + " 个节点共需 " + needed + " 个连接，max_connections=" + max,
            nodes + " nodes need " + needed + " connections, max_connections=" + max);
    return needed <= max
        ? Finding.ok(CONNECTIONS, found)
        : Finding.failed(
            CONNECTIONS,
            found,
            new Message(
                "把 max_connections 设为 " + needed + " 以上，或者减小 DB_POOL_SIZE 和 DB_TX_POOL_SIZE",
                "set max_connections above "
                    + needed
                    + ", or make DB_POOL_SIZE and DB_TX_POOL_SIZE smaller"));
  }

  private static boolean isOn(Map<String, String> variables, String name) {
    return is(variables, name, "ON") || is(variables, name, "1");
  }

  private static boolean is(Map<String, String> variables, String name, String value) {
    return value.equalsIgnoreCase(variables.getOrDefault(name, ""));
  }

  private static String shown(Map<String, String> variables, String name) {
    return name + "=" + variables.getOrDefault(name, "?");
  }
}
