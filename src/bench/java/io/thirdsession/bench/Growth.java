package io.thirdsession.bench;

import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.DatabaseServer.Written;
import io.thirdsession.bench.report.Figure;
import io.thirdsession.bench.report.GrowthStep;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** What becomes of checks and logins while the tables grow. */
final class Growth {
  /** Few enough that nobody waits for anything but the answer. */
  private static final int FEW_CLIENTS = 4;

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
    candidate.fill(users, sessions);
    String schema = candidate.schema();
    double sessionBytes = database.size(schema, "session") / (double) sessions;
    double userBytes =
        (database.size(schema, "user") + database.size(schema, "identity")) / (double) users;

    Workload checks = Workloads.withTokens("/api/session", candidate.population());
    Workload logins = Workloads.logins(candidate.population(), serial);
    if (steps.isEmpty()) {
      Measurer warmUp = measurer.shorter(1);
      warmUp.closed(Names.CHECK + " (warm-up)", candidate, 1, clients, checks);
      warmUp.closed(Names.LOGIN + " (warm-up)", candidate, 1, clients, logins);
    }
    Figure check = measurer.closed(Names.CHECK, candidate, 1, FEW_CLIENTS, checks);
    WrittenMeter written = new WrittenMeter(database);
    Figure login =
        measurer.closed(
            Names.LOGIN, candidate.name(), candidate.server(), 1, clients, logins, written);
    double count = Math.max(1, login.perSecond() * measurer.time().toMillis() / 1e3);
    steps.add(
        new GrowthStep(
            sessions,
            users,
            check,
            login,
            sessionBytes,
            userBytes,
            written.bytes.innodb() / count,
            written.bytes.binlog() / count));
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
