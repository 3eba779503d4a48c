package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.http.Forwarding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void rowsUnderAnOldKeyAreCountedWithTheirAge() {
    Finding found = find(Map.of("k1", 7, "k0", 0), Optional.of(NOW.minusSeconds(42)));

    assertEquals(Finding.Status.WARNING, found.status());
    assertEquals(
        "rows are under old master keys: k1=7 (counted 42 s ago)", found.message().english());
    assertTrue(found.cure().orElseThrow().english().contains("MASTER_KEYS"));
  }

  @Test
  void aRotationThatEndedLongAgoIsSaid() {
    assertEquals(
        Finding.Status.WARNING, find(Map.of(), Optional.of(NOW.minusSeconds(601))).status());
    assertEquals(Finding.Status.OK, find(Map.of(), Optional.of(NOW.minusSeconds(600))).status());
    assertEquals(Finding.Status.WARNING, find(Map.of(), Optional.empty()).status());
  }

  private static Finding find(Map<String, Integer> left, Optional<Instant> countedAt) {
    return new KeysCheck(
            () -> Set.of("k2"),
            () -> new KeyRows(left, countedAt),
            Clock.fixed(NOW, ZoneOffset.UTC))
        .run(
            new Asked("", "test", new Forwarding("192.0.2.1", false, false, true, false)),
            Deadline.in(Duration.ofSeconds(1)))
        .join()
        .get(0);
  }
}
