package io.thirdsession.jdbc;

import io.thirdsession.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the database: whether it accepts connections, and writes. Each change is logged
 * in one line, and so is each minute that a fault lasts. Thread-safe.
 */
final class Presence {
  private static final Duration SAY_AGAIN = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(Presence.class);

  private volatile String word = Readiness.AWAY;
  private String lastSaid = "";
  private Deadline sayAgain = Deadline.in(Duration.ZERO);

  /** Returns {@code ok}, {@code away}, {@code refused} or {@code read_only}. */
  String word() {
    return word;
  }

  /** Records that a connection was opened, whatever else may be wrong. */
  synchronized void connected() {
    word = Readiness.OK;
  }

  /** Records that the database responds and does what it is asked. */
  synchronized void answered() {
    if (!lastSaid.isEmpty()) {
      log.info("database is back");
    }
    lastSaid = "";
    word = Readiness.OK;
  }

  /** Records that the database cannot be used as it should be, and why. */
  synchronized void failed(SQLException e) {
    ConnectionFault fault = ConnectionFault.of(e);
    word = word(fault);
    say(fault);
  }

  /** Records that it can be used, but refuses some of the connections, and why. */
  synchronized void lacks(SQLException e) {
    word = Readiness.OK;
    say(ConnectionFault.of(e));
  }

  private void say(ConnectionFault fault) {
    if (!fault.line().equals(lastSaid) || sayAgain.passed()) {
      lastSaid = fault.line();
      sayAgain = Deadline.in(SAY_AGAIN);
      log.warn("database {} {}", word(fault), lastSaid);
    }
  }

  private static String word(ConnectionFault fault) {
    return switch (fault.kind()) {
      case AWAY -> Readiness.AWAY;
      case READ_ONLY -> Readiness.READ_ONLY;
      case REFUSED, WRONG -> Readiness.REFUSED;
    };
  }
}
