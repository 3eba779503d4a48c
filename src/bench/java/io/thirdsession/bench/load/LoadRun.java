package io.thirdsession.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send requests over connections of their own, all in the calling thread: it costs the
 * machine little that is being measured.
 *
 * <p>Without a rate each client sends its next request when it has a response (a closed loop: what
 * can the server do at most?). With a rate requests are due at fixed times, whatever the server
 * does, and each response is timed from when its request was due (an open loop: what do clients
 * feel?). A server that stands still for a second is then slow for all requests of that second, not
 * for one ("coordinated omission").
 */
public final class LoadRun {
  private static final long MAX_PARK_NANOS = 50_000;
  private static final long NEAR_NANOS = 2_000_000;
  private static final int MAX_SELECT_MILLIS = 10;
  private static final Duration MAX_DRAIN = Duration.ofSeconds(10);

  private final Workload workload;
  private final long pauseNanos; // between two requests; 0 = a closed loop
  private final List<Client> clients = new ArrayList<>();
  private final Deque<Client> idle = new ArrayDeque<>();
  private final Selector selector;

  private Histogram micros = histogram();
  private SortedMap<Integer, Long> others = new TreeMap<>();
  private long responses;
  private long dueNanos;
  private boolean draining;

  private LoadRun(InetSocketAddress server, int clients, Workload workload, long pauseNanos)
      throws IOException {
    this.workload = workload;
    this.pauseNanos = pauseNanos;
    this.selector = Selector.open();
    for (int i = 0; i < clients; i++) {
      this.clients.add(new Client(server, selector));
    }
  }

  /**
   * Lets so many clients send as fast as they get responses.
   *
   * @param edge is told 0 when measuring begins and 1 when it ends
   */
  public static Outcome closed(
      InetSocketAddress server,
      int clients,
      Workload workload,
      Duration warmUp,
      Duration time,
      IntConsumer edge) {
    return run(server, clients, workload, 0, warmUp, time, edge);
  }

  /** Sends so many requests a second, over at most so many connections. */
  public static Outcome open(
      InetSocketAddress server,
      int clients,
      Workload workload,
      double perSecond,
      Duration warmUp,
      Duration time,
      IntConsumer edge) {
    return run(server, clients, workload, (long) (1e9 / perSecond), warmUp, time, edge);
  }

  private static Outcome run(
      InetSocketAddress server,
      int clients,
      Workload workload,
      long pauseNanos,
      Duration warmUp,
      Duration time,
      IntConsumer edge) {
    try {
      LoadRun run = new LoadRun(server, clients, workload, pauseNanos);
      try {
        return run.run(warmUp.toNanos(), time.toNanos(), edge);
      } finally {
        run.clients.forEach(Client::close);
        run.selector.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome run(long warmUpNanos, long nanos, IntConsumer edge) throws IOException {
    idle.addAll(clients);
    dueNanos = System.nanoTime();
    long begin = dueNanos + warmUpNanos;
    runUntil(begin);
    edge.accept(0);
    micros = histogram();
    others = new TreeMap<>();
    responses = 0;
    begin = System.nanoTime();
    runUntil(begin + nanos);
    long measured = System.nanoTime() - begin;
    Outcome outcome = new Outcome(responses, others, measured, micros);
    edge.accept(1);
    drain();
    return outcome;
  }

  /** Hears what is still under way, a token that replaces another one for instance. */
  private void drain() throws IOException {
    draining = true;
    micros = histogram();
    others = new TreeMap<>();
    long end = System.nanoTime() + MAX_DRAIN.toNanos();
    while (idle.size() < clients.size() && System.nanoTime() < end) {
      selector.select(this::ready, MAX_SELECT_MILLIS);
    }
  }

  private void runUntil(long end) throws IOException {
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      sendDue(now);
      await(now);
    }
  }

  private void sendDue(long now) throws IOException {
    while (!idle.isEmpty() && (pauseNanos == 0 || dueNanos <= now)) {
      idle.removeFirst().send(workload.next(), pauseNanos == 0 ? now : dueNanos);
      dueNanos += pauseNanos;
    }
  }

  private void await(long now) throws IOException {
    long wait = dueNanos - now;
    if (pauseNanos == 0 || idle.isEmpty() || wait > NEAR_NANOS) {
      long most = Math.min(MAX_SELECT_MILLIS, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
      selector.select(this::ready, pauseNanos == 0 ? MAX_SELECT_MILLIS : most);
    } else if (selector.selectNow(this::ready) == 0 && wait > 0) {
      LockSupport.parkNanos(Math.min(wait, MAX_PARK_NANOS)); // select() knows milliseconds only
    }
  }

  private void ready(SelectionKey key) {
    Client client = (Client) key.attachment();
    try {
      if (!key.isValid() || !client.read()) {
        broken(client);
      } else if (client.request != null && client.response.isWhole()) {
        whole(client, client.request);
      }
    } catch (IOException e) {
      broken(client);
    }
  }

  private void whole(Client client, Request request) throws IOException {
    Response response = client.response;
    long now = System.nanoTime();
    if (response.status() == workload.status()) {
      responses++;
      micros.recordValue(Math.min(now - client.intendedNanos, TimeUnit.MINUTES.toNanos(1)) / 1_000);
      workload.answered(request, response);
    } else {
      others.merge(response.status(), 1L, Long::sum);
    }
    if (response.closes()) {
      client.reconnect();
    }
    release(client, now);
  }

  private void broken(Client client) {
    try {
      client.reconnect();
    } catch (IOException e) {
      throw new UncheckedIOException("the server is gone", e);
    }
    @Nullable Request lost = client.request;
    if (lost != null) {
      others.merge(0, 1L, Long::sum);
      try {
        release(client, System.nanoTime());
      } catch (IOException e) {
        throw new UncheckedIOException("the server is gone", e);
      }
    }
  }

  private void release(Client client, long now) throws IOException {
    client.request = null;
    if (pauseNanos == 0 && !draining) {
      client.send(workload.next(), now);
    } else {
      idle.addLast(client);
    }
  }

  private static Histogram histogram() {
    return new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
  }
}
