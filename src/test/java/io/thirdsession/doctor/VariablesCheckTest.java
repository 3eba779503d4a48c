package io.thirdsession.doctor;

import static io.thirdsession.doctor.Finding.Status.FAILED;
import static io.thirdsession.doctor.Finding.Status.OK;
import static io.thirdsession.doctor.Finding.Status.WARNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server of the tests cannot be made to be: with a binary log, or without strictness. */
class VariablesCheckTest {
  private static final Map<String, String> GOOD =
      Map.of(
          "log_bin", "ON",
          "binlog_format", "ROW",
          "sql_mode", "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
          "read_only", "OFF",
          "max_connections", "151",
          "innodb_flush_log_at_trx_commit", "1",
          "sync_binlog", "1");

  @Test
  void theseAreGood() {
    for (String name :
        new String[] {"database-writes", "database-durability", "database-connections"}) {
      assertEquals(OK, find(GOOD, name, 1).status(), name);
    }
  }

  @Test
  void statementsInTheBinaryLogRefuseEachWrite() {
    assertWrites(FAILED, "binlog_format", "STATEMENT", "set binlog_format=ROW");
    Map<String, String> off = with("binlog_format", "STATEMENT");
    off.put("log_bin", "OFF");
    assertEquals(OK, find(off, "database-writes", 1).status());
  }

  @Test
  void someModesAreNotOurs() {
    assertWrites(FAILED, "sql_mode", "STRICT_TRANS_TABLES,ANSI_QUOTES", "remove ANSI_QUOTES");
    assertWrites(WARNING, "sql_mode", "", "STRICT_TRANS_TABLES");
    assertWrites(WARNING, "read_only", "ON", "SET GLOBAL read_only=0");
  }

  @Test
  void aBinaryLogThatIsNotSyncedForgets() {
    Finding found = find(with("sync_binlog", "0"), "database-durability", 1);

    assertEquals(WARNING, found.status());
    assertTrue(found.message().english().startsWith("sync_binlog=0"), found::toString);
    assertEquals(OK, find(without("log_bin", "sync_binlog"), "database-durability", 1).status());
  }

  @Test
  void eachNodeNeedsItsPoolsAndTwoConnectionsMore() {
    assertEquals(OK, find(with("max_connections", "84"), "database-connections", 3).status());
    assertEquals(FAILED, find(with("max_connections", "83"), "database-connections", 3).status());
  }

  private static void assertWrites(
      Finding.Status status, String variable, String value, String cure) {
    Finding found = find(with(variable, value), "database-writes", 1);
    assertEquals(status, found.status());
    assertTrue(found.cure().orElseThrow().english().contains(cure), found::toString);
  }

  private static Finding find(Map<String, String> variables, String name, int nodes) {
    DoctorSettings settings =
        new DoctorSettings(Optional.empty(), 16, 10, true, Duration.ofDays(3), Duration.ofDays(30));
    return new VariablesCheck(settings)
        .judge(variables, nodes).stream()
            .filter(finding -> finding.name().equals(name))
            .findFirst()
            .orElseThrow();
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> variables = new HashMap<>(GOOD);
    variables.put(name, value);
    return variables;
  }

  private static Map<String, String> without(String... names) {
    Map<String, String> variables = new HashMap<>(GOOD);
    for (String name : names) {
      variables.remove(name);
    }
    return variables;
  }
}
