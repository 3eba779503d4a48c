package io.thirdsession.bench;

import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.bench.machine.Held;
import io.thirdsession.bench.report.Figure;
import io.thirdsession.bench.report.SoakSlice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether a server that is under load for long holds on to more and more. */
final class Soak {
  private static final int SLICES = 12;
  private static final int CROWD = 1_000;
  private static final Duration SLOW = Duration.ofMillis(200);

  /** Longer than a login is remembered (30 s), so that what is looked at does not depend on it. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(45);

  private final Measurer measurer;
  private final Candidate candidate;
  private final WeChatStandIn weChat;
  private final int clients;
  private final Workloads.Serial serial = new Workloads.Serial();

  /** Loads the server for as long as the measurer is told, with each of four kinds of load. */
  Soak(Measurer measurer, Candidate candidate, WeChatStandIn weChat, int clients) {
    this.measurer = measurer;
    this.candidate = candidate;
    this.weChat = weChat;
    this.clients = clients;
  }

  /** Returns for how long each kind of load goes on in each slice of a run of this length. */
  static Duration ofEach(Duration all) {
    Duration ofSlice = all.dividedBy(SLICES).minus(FORGOTTEN).dividedBy(4);
    return ofSlice.isNegative() || ofSlice.isZero() ? Duration.ofSeconds(1) : ofSlice;
  }

  /** Loads the server and returns what it held on to after each slice of the time. */
  List<SoakSlice> run() throws IOException {
    List<SoakSlice> slices = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < SLICES; i++) {
      int first = measurer.figures().size();
      load();
      measurer.letPass(FORGOTTEN);
      List<Figure> figures = measurer.figures();
      Held held = Held.by(candidate.server().pid());
      System.out.println(held); // a run that is cut off has said so much
      slices.add(
          new SoakSlice(
              Duration.ofNanos(System.nanoTime() - begin),
              List.copyOf(figures.subList(first, figures.size())),
              measurer.time(),
              held));
    }
    return slices;
  }

  private void load() {
    measurer.closed(
        Names.CHECK, candidate, 1, clients, Workloads.withTokens("/api/session", candidate));
    measurer.closed(Names.LOGIN, candidate, 1, clients, Workloads.logins(candidate, serial));
    measurer.closed(
        Names.FIRST_LOGIN, candidate, 1, clients, Workloads.firstLogins(candidate, serial));
    weChat.delay(SLOW);
    measurer.closed(Names.SLOW_LOGIN, candidate, 1, CROWD, Workloads.logins(candidate, serial));
    weChat.delay(Duration.ZERO);
  }
}
