package io.thirdsession.bench;

import io.thirdsession.bench.report.Figure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Lets what people build instead do what ours does, one after the other. */
final class Peers implements AutoCloseable {
  private final Measurer measurer;
  private final Calls calls;
  private final Peer peer;

  /** Will measure this peer, and keep the figures apart from those of our own table. */
  Peers(Measurer measurer, Calls calls, Peer peer) {
    this.measurer = measurer;
    this.calls = calls.keptIn(measurer);
    this.peer = peer;
  }

  /** Measures the peer in this round; ours too, where nobody has done so in the same run. */
  void measure(Candidate ours, int round, boolean oursToo) throws IOException, SQLException {
    for (Calls.Step<Subject> step : calls.common()) {
      if (oursToo) {
        step.measure(ours, round);
      }
      step.measure(peer, round);
    }
  }

  /** Returns what was measured here, and with it the figures of ours that are known already. */
  List<Figure> beside(List<Figure> ours) {
    List<Figure> all = new ArrayList<>(ours);
    all.addAll(measurer.figures());
    return all;
  }

  @Override
  public void close() throws SQLException {
    peer.close();
  }
}
