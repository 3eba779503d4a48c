package io.thirdsession.bench;

import io.thirdsession.bench.load.LoadRun;
import io.thirdsession.bench.load.Outcome;
import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.machine.ServerProcess;
import io.thirdsession.bench.report.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntConsumer;

/** Measures one thing after the other, says so, and keeps the figures. */
final class Measurer {
  private final List<Figure> figures = new ArrayList<>();
  private final long database;
  private final Duration warmUp;
  private final Duration time;

  /** Measures for so long each; {@code database} is the process of the database server. */
  Measurer(long database, Duration warmUp, Duration time) {
    this.database = database;
    this.warmUp = warmUp;
    this.time = time;
  }

  /** Returns one that measures for a part of the time and keeps its figures apart. */
  Measurer shorter(int part) {
    return new Measurer(database, warmUp.dividedBy(part), time.dividedBy(part));
  }

  /** Returns one that measures from the first moment on and keeps its figures apart. */
  Measurer withoutWarmUp() {
    return new Measurer(database, Duration.ZERO, time);
  }

  List<Figure> figures() {
    return figures;
  }

  Duration warmUp() {
    return warmUp;
  }

  Duration time() {
    return time;
  }

  Meter meter(long server) {
    return new Meter(server, database);
  }

  /** Lets so many clients do this as fast as they can. */
  Figure closed(String name, Subject of, int round, int clients, Workload workload) {
    return closed(name, of.name(), of.server(), round, clients, workload);
  }

  Figure closed(
      String name, String war, ServerProcess server, int round, int clients, Workload workload) {
    return closed(name, war, server, round, clients, workload, edge -> {});
  }

  /** Also tells somebody 0 when measuring begins and 1 when it ends. */
  Figure closed(
      String name,
      String war,
      ServerProcess server,
      int round,
      int clients,
      Workload workload,
      IntConsumer also) {
    Meter meter = meter(server.pid());
    Outcome outcome =
        LoadRun.closed(
            server.address(),
            clients,
            workload,
            warmUp,
            time,
            edge -> {
              also.accept(edge);
              meter.accept(edge);
            });
    return add(meter.figure(name, war, round, clients, outcome));
  }

  /** Lets requests come at this rate. */
  Figure open(
      String name, Candidate of, int round, int clients, double perSecond, Workload workload) {
    ServerProcess server = of.server();
    Meter meter = meter(server.pid());
    Outcome outcome =
        LoadRun.open(server.address(), clients, workload, perSecond, warmUp, time, meter);
    return add(meter.figure(name, of.name(), round, clients, outcome));
  }

  /** Does nothing for a while. */
  void letPass(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps this figure. */
  Figure add(Figure figure) {
    figures.add(figure);
    System.out.printf(
        "%-36s %-8s %4d clients %9.0f/s  p50 %8.2f ms  p99 %8.2f ms  CPU %6.0f + %5.0f us %s%n",
        figure.name(),
        figure.war(),
        figure.clients(),
        figure.perSecond(),
        figure.p50(),
        figure.p99(),
        figure.server(),
        figure.database(),
        figure.others().isEmpty() ? "" : "others " + figure.others());
    return figure;
  }

  /** Returns the mean of what was measured under this name for this WAR. */
  OptionalDouble perSecond(String name, String war) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name) && figure.war().equals(war))
        .mapToDouble(Figure::perSecond)
        .average();
  }
}
