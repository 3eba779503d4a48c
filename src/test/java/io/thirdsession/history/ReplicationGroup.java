package io.thirdsession.history;

import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Three MySQL servers in Group Replication, of which one at a time is the primary. */
final class ReplicationGroup implements AutoCloseable {
  static final String NAME = "3d5e0c1a-0000-4000-8000-000000000001";

  /** The account that applications have. */
  static final String USER = "drill";

  static final String PASSWORD = "canary-password-of-the-drill";
  private static final int SIZE = 3;
  private static final Duration START = Duration.ofMinutes(2);

  /** A member that comes back is taken in once it has what it missed. */
  private static final Duration RETURN = Duration.ofMinutes(3);

  private static final String RECOVERY = "recovery";
  private static final String ONLINE =
      "SELECT member_port FROM performance_schema.replication_group_members"
          + " WHERE member_state = 'ONLINE'";

  private final List<GroupMember> members;
  private final List<String> options = new ArrayList<>();

  private ReplicationGroup(List<GroupMember> members) {
    this.members = members;
    options.addAll(List.of("--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--log-bin=binlog"));
    options.addAll(List.of("--super-read-only=ON", "--plugin-load-add=group_replication.so"));
    option("group-name", NAME);
    option(
        "group-seeds",
        members.stream().map(GroupMember::groupAddress).collect(Collectors.joining(",")));
    option("ip-allowlist", "127.0.0.1");
    option("communication-stack", "XCOM");
    option("recovery-get-public-key", "ON");
    option("member-expel-timeout", "0");
    option("unreachable-majority-timeout", "2");
    option("consistency", "BEFORE_ON_PRIMARY_FAILOVER");
  }

  private void option(String name, String value) {
    options.add("--loose-group-replication-" + name + "=" + value);
  }

  /** Starts a new group. */
  static ReplicationGroup start(MySqlRoot root) throws Exception {
    root.run(
        "mysqld",
        "--no-defaults",
        "--initialize-insecure",
        "--user=mysql",
        "--datadir=" + root.inside("empty"));
    List<GroupMember> members = new ArrayList<>();
    for (int i = 1; i <= SIZE; i++) {
      GroupMember member = new GroupMember(root, i);
      root.run("cp", "-a", root.inside("empty"), root.inside(member.name()));
      root.run("rm", root.inside(member.name()) + "/auto.cnf"); // its identity
      members.add(member);
    }
    ReplicationGroup group = new ReplicationGroup(List.copyOf(members));
    try {
      group.form();
      return group;
    } catch (Exception | AssertionError e) {
      group.close();
      throw e;
    }
  }

  private void form() throws Exception {
    for (GroupMember member : members) {
      member.start(options, false);
    }
    for (GroupMember member : members) {
      within(START, () -> assertTrue(answers(member), "does not start: " + member.name()));
      member.execute(
          "SET GLOBAL super_read_only = OFF",
          "SET sql_log_bin = 0",
          "CREATE USER " + RECOVERY + " IDENTIFIED BY '" + PASSWORD + "'",
          "GRANT REPLICATION SLAVE, CONNECTION_ADMIN, BACKUP_ADMIN, GROUP_REPLICATION_STREAM ON *.*"
              + " TO "
              + RECOVERY,
          "SET GLOBAL super_read_only = ON",
          "CHANGE REPLICATION SOURCE TO SOURCE_USER = '"
              + RECOVERY
              + "', SOURCE_PASSWORD = '"
              + PASSWORD
              + "' FOR CHANNEL 'group_replication_recovery'");
    }
    GroupMember first = members.get(0);
    first.execute(
        "SET GLOBAL group_replication_bootstrap_group = ON",
        "START GROUP_REPLICATION",
        "SET GLOBAL group_replication_bootstrap_group = OFF",
        "CREATE USER " + USER + " IDENTIFIED BY '" + PASSWORD + "'");
    for (GroupMember member : members.subList(1, SIZE)) {
      member.execute("START GROUP_REPLICATION");
    }
    awaitWhole();
  }

  private static boolean answers(GroupMember member) {
    if (!member.isAlive()) {
      throw new IllegalStateException("has ended: " + member.name());
    }
    try {
      member.execute("DO 0");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Makes this database anew, for {@link #USER}. */
  void createDatabase(String name) throws SQLException {
    primary()
        .execute(
            "DROP DATABASE IF EXISTS " + name,
            "CREATE DATABASE " + name + " CHARACTER SET utf8mb4",
            "GRANT ALL ON " + name + ".* TO " + USER);
  }

  /** Returns the members, the primary last: clients must find it. */
  List<GroupMember> members() throws SQLException {
    GroupMember primary = primary();
    List<GroupMember> inOrder = new ArrayList<>(members);
    inOrder.remove(primary);
    inOrder.add(primary);
    return inOrder;
  }

  /** Returns the primary of a group that is whole. */
  GroupMember primary() throws SQLException {
    String port =
        members
            .get(0)
            .column(
                "SELECT member_port FROM performance_schema.replication_group_members"
                    + " WHERE member_role = 'PRIMARY'")
            .get(0);
    return members.stream()
        .filter(member -> Integer.toString(member.port()).equals(port))
        .findFirst()
        .orElseThrow();
  }

  /** Starts a member that was killed. */
  void restart(GroupMember member) throws Exception {
    member.start(options, true);
  }

  /** Waits until every member says that all are in the group. */
  void awaitWhole() {
    within(
        RETURN,
        () -> {
          for (GroupMember member : members) {
            assertTrue(member.isAlive(), "has ended: " + member.name());
            assertEquals(SIZE, online(member), "in the group, says " + member.name());
          }
        });
  }

  private static int online(GroupMember member) {
    try {
      return member.column(ONLINE).size();
    } catch (SQLException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    members.forEach(GroupMember::close);
  }
}
