package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.Scrape;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class JdbcMeterTest {
  private final Metrics metrics = new Metrics();
  private final JdbcMeter meter = new JdbcMeter(metrics);

  @Test
  void whatIsDoneAgainIsCountedByItsReason() {
    assertEquals(4, Scrape.of(metrics.text()).samples("thirdsession_db_retries_total").size());

    meter.repeated(StorageException.of(new SQLException("", "40001", 1213)));
    meter.repeated(StorageException.of(new SQLException("", "HY000", 1205)));
    meter.repeated(StorageException.of(new SQLException("", "HY000", 1290)));
    meter.repeated(StorageException.of(new SQLException("", "08S01", 0)));

    assertEquals(1, retries("deadlock"));
    assertEquals(1, retries("lock_timeout"));
    assertEquals(1, retries("read_only"));
    assertEquals(1, retries("connection"));
  }

  @Test
  void eachPoolHasWaitsOfItsOwn() {
    meter.waited(false, System.nanoTime());
    meter.waited(true, System.nanoTime());
    meter.waited(true, System.nanoTime());

    assertEquals(1, waits("statements"));
    assertEquals(2, waits("transactions"));
  }

  private double retries(String reason) {
    return Scrape.of(metrics.text())
        .value("thirdsession_db_retries_total{reason=\"" + reason + "\"}");
  }

  private double waits(String pool) {
    return Scrape.of(metrics.text())
        .value("thirdsession_db_wait_seconds_count{pool=\"" + pool + "\"}");
  }
}
