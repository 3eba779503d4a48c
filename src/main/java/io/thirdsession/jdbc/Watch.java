package io.thirdsession.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.thirdsession.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the database over a connection of its own, so that requests need not: whether it responds
 * and can write is asked once a second, and a row of this node's is written every 10 s. A server
 * that fails is left at once, with every pooled connection to it, so that nothing it says later is
 * believed.
 */
final class Watch implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration WRITE_AGAIN = Duration.ofSeconds(10);

  /**
   * How long a server of several may take to say whether it can write: a failover takes longer. The
   * only one may be busy, and to leave it would help nobody.
   */
  private static final int MAX_SILENCE_MILLIS = 2_000;

  /** As long as any statement may take. */
  private static final int MAX_SILENCE_OF_THE_ONLY_ONE_MILLIS = 3_000;

  private static final int MAX_WRITE_MILLIS = 3_000;

  /**
   * How long a server is said to have no room once a write has met that. The row of this node is
   * changed in its place, which a full disk does not prevent, so only requests can tell; and fewer
   * come to a node that is not ready.
   */
  private static final Duration NO_ROOM_FOR = Duration.ofSeconds(20);

  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private final DataSources sources;
  private final Presence presence;
  private final int maxSilenceMillis;
  private final NodeRow row = new NodeRow();
  private final Semaphore wake = new Semaphore(0);

  private volatile boolean trusted = true;
  private volatile Deadline doubtIsNews = Deadline.in(Duration.ZERO);
  private volatile Deadline nextWrite = Deadline.in(Duration.ZERO);

  private volatile @Nullable SQLException noRoom;
  private volatile Deadline noRoomUntil = Deadline.in(Duration.ZERO);

  // used by the watching thread alone
  private @Nullable Connection connection;
  private @Nullable String host;
  private boolean wasReadOnly;

  Watch(DataSources sources, Presence presence) {
    this.sources = sources;
    this.presence = presence;
    this.maxSilenceMillis =
        sources.hasSeveralServers() ? MAX_SILENCE_MILLIS : MAX_SILENCE_OF_THE_ONLY_ONE_MILLIS;
  }

  /** Waits until it is time to look again. */
  void await() throws InterruptedException {
    if (wake.tryAcquire(LOOK_AGAIN.toMillis(), MILLISECONDS)) {
      wake.drainPermits();
    }
  }

  /** Looks once, and reports what was found. */
  void look() {
    try {
      Connection open = connected();
      if (!Member.canWrite(open)) {
        throw Members.readOnly();
      }
      if (nextWrite.passed()) {
        open.setNetworkTimeout(Runnable::run, MAX_WRITE_MILLIS);
        row.write(new Transaction(open));
        nextWrite = Deadline.in(WRITE_AGAIN);
      }
      isWell();
    } catch (RuntimeException e) { // whatever it is, the watch goes on
      isIll(e.getCause() instanceof SQLException cause ? cause : new SQLException(e));
    } catch (SQLException e) {
      isIll(e);
    }
  }

  /**
   * Leaves the server in use, since it would not write, and looks at once.
   *
   * @return whether that is news, so that another try may meet another server
   */
  boolean doubt() {
    if (leave()) {
      nextWrite = Deadline.in(Duration.ZERO);
      wake.release();
    }
    return !doubtIsNews.passed();
  }

  /** Is told that a write met a server without room for it, and reports that for a while. */
  void noRoom(SQLException e) {
    noRoomUntil = Deadline.in(NO_ROOM_FOR);
    noRoom = e;
    presence.failed(e);
  }

  private Connection connected() throws SQLException {
    if (connection != null && sources.hasLeft(connection)) {
      close();
    }
    Connection open = connection;
    if (open == null) {
      open = sources.openToWrite();
      connection = open;
      nextWrite = Deadline.in(Duration.ZERO);
    }
    open.setNetworkTimeout(Runnable::run, maxSilenceMillis);
    return open;
  }

  private void isWell() {
    trusted = true;
    @Nullable String now = sources.host();
    boolean moved = now != null && host != null && !Objects.equals(now, host);
    if (moved) {
      log.info("database server changed from={} to={}", host, now);
    }
    if (moved || wasReadOnly) {
      sources.evictAll();
    }
    wasReadOnly = false;
    if (now != null) {
      host = now;
    }
    reportPools();
  }

  private void reportPools() {
    @Nullable SQLException none = sources.whyEmpty();
    @Nullable SQLException few = sources.whyNotFull();
    @Nullable SQLException full = noRoom;
    if (full != null && !noRoomUntil.passed()) {
      presence.failed(full);
    } else if (none != null) {
      presence.failed(none);
    } else if (few != null) {
      presence.lacks(few);
    } else {
      presence.answered();
    }
  }

  private void isIll(SQLException e) {
    close();
    boolean unused = leave();
    wasReadOnly = SqlFault.of(e) == SqlFault.CANNOT_WRITE;
    presence.failed(e);
  }

  /** Returns whether the server in use was trusted until now. */
  private synchronized boolean leave() {
    if (!trusted) {
      return false;
    }
    trusted = false;
    doubtIsNews = Deadline.in(LOOK_AGAIN);
    sources.leave();
    return true;
  }

  /** Closes the connection; the next look opens another. */
  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // the server is gone, and with it the connection
      }
      connection = null;
    }
  }
}
