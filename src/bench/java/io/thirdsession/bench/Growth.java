package io.thirdsession.bench;

import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.DatabaseServer.Written;
import io.thirdsession.bench.report.Figure;
import io.thirdsession.bench.report.GrowthStep;
import io.thirdsession.bench.report.PurgeStep;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** What becomes of checks and logins while the tables grow. */
final class Growth {
  /** Few enough that nobody waits for anything but the answer. */
  private static final int FEW_CLIENTS = 4;

  /** So few that the rows they touch fit into any buffer pool, however far apart they lie. */
  private static final int FEW_USERS = 1_000;

  private static final String OF_FEW = " of few users";
  private static final String WHILE_PURGING = " while sessions are purged";

  private final Measurer measurer;
  private final DatabaseServer database;
  private final Candidate candidate;
  private final int clients;
  private final Workloads.Serial serial = new Workloads.Serial();
  private final List<GrowthStep> steps = new ArrayList<>();

  Growth(Measurer measurer, DatabaseServer database, Candidate candidate, int clients) {
    this.measurer = measurer;
    this.database = database;
    this.candidate = candidate;
    this.clients = clients;
  }

  /** Returns how many users have so many sessions: 3 of them have 10. */
  static int users(int sessions) {
    return Math.toIntExact(sessions * 3L / 10);
  }

  List<GrowthStep> steps() {
    return steps;
  }

  /** Fills the tables up to so many sessions, and measures. */
  void measure(int sessions) throws SQLException {
    int users = users(sessions);
    database.withLargePool(() -> candidate.fill(users, sessions));
    String schema = candidate.schema();
    double sessionBytes = database.size(schema, "session") / (double) sessions;
    double userBytes =
        (database.size(schema, "user") + database.size(schema, "identity")) / (double) users;

    if (steps.isEmpty()) {
      Measurer warmUp = measurer.shorter(1);
      warmUp.closed(Names.CHECK + " (warm-up)", candidate, 1, clients, checks());
      warmUp.closed(Names.LOGIN + " (warm-up)", candidate, 1, clients, logins());
    }
    Figure fewChecks =
        measurer.closed(Names.CHECK + OF_FEW, candidate, 1, FEW_CLIENTS, fewChecks());
    Figure check = measurer.closed(Names.CHECK, candidate, 1, FEW_CLIENTS, checks());
    Figure fewLogins = measurer.closed(Names.LOGIN + OF_FEW, candidate, 1, clients, fewLogins());
    WrittenMeter written = new WrittenMeter(database);
    Figure login =
        measurer.closed(
            Names.LOGIN, candidate.name(), candidate.server(), 1, clients, logins(), written);
    double count = Math.max(1, login.perSecond() * measurer.time().toMillis() / 1e3);
    steps.add(
        new GrowthStep(
            sessions,
            users,
            fewChecks,
            check,
            fewLogins,
            login,
            sessionBytes,
            userBytes,
            written.bytes.innodb() / count,
            written.bytes.binlog() / count));
  }

  /** Adds so many expired sessions to those that are there, and measures while they are purged. */
  PurgeStep purge(int expired) throws SQLException {
    database.withLargePool(() -> candidate.fillExpired(expired));
    Measurer atOnce = measurer.withoutWarmUp();
    candidate.letPurge();
    while (candidate.expired() == expired) {
      atOnce.letPass(Duration.ofMillis(100));
    }
    int atFirst = candidate.expired();
    long begin = System.nanoTime();
    Figure check =
        atOnce.closed(Names.CHECK + OF_FEW + WHILE_PURGING, candidate, 1, FEW_CLIENTS, fewChecks());
    int atLast = candidate.expired();
    double seconds = (System.nanoTime() - begin) / 1e9;
    Figure login =
        atOnce.closed(Names.LOGIN + OF_FEW + WHILE_PURGING, candidate, 1, clients, fewLogins());
    return new PurgeStep(expired, (atFirst - atLast) / seconds, check, login, candidate.expired());
  }

  private Workload checks() {
    return Workloads.withTokens("/api/session", candidate);
  }

  private Workload fewChecks() {
    return Workloads.withTokens("/api/session", candidate, FEW_USERS);
  }

  private Workload logins() {
    return Workloads.logins(candidate, serial);
  }

  private Workload fewLogins() {
    return Workloads.logins(candidate, serial, FEW_USERS);
  }

  private static final class WrittenMeter implements IntConsumer {
    private final DatabaseServer database;
    private Written bytes = new Written(0, 0);

    WrittenMeter(DatabaseServer database) {
      this.database = database;
    }

    @Override
    public void accept(int edge) {
      try {
        Written now = database.written();
        bytes = edge == 0 ? now : now.since(bytes);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
