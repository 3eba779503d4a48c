package io.thirdsession.webhook;

import io.thirdsession.Throttle;
import io.thirdsession.Timer;
import io.thirdsession.event.Event;
import io.thirdsession.event.EventFeed;
import io.thirdsession.event.EventSequencer;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Lease;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import io.thirdsession.webhook.WebhookDao.Counts;
import io.thirdsession.webhook.WebhookDao.Due;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to webhooks: each at least once, those of one user in their order. What an event
 * has to go to is written when it gets its place, and deleted when it was delivered, so that no
 * node's death loses any. One node sends at a time, by a lease. An event that fails is sent again
 * at growing distances and then parked; only later events of the same user wait for it. A webhook
 * that fails is left alone for a while, so that its events do not use up their tries. All state is
 * that of the timer's thread.
 */
public final class WebhookDeliveries implements EventSequencer.Receivers, AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);

  /** What another node has put on its way is looked for this seldom. */
  private static final int TICKS_OF_A_SEARCH = 5;

  private static final int TICKS_OF_A_COUNT = 100;

  /** A node that died is replaced after this time. */
  private static final Duration LEASE = Duration.ofSeconds(3);

  private static final Duration RENEWED_EVERY = Duration.ofSeconds(1);

  private static final int MAX_UNDER_WAY = 8;

  /** Before each further try; then the event is parked. Some 43 hours in all. */
  static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(24));

  private static final Duration MAX_REST = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 6;
  private static final Duration TOLD_EVERY = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(WebhookDeliveries.class);

  private final Jdbc jdbc;
  private final EventFeed events;
  private final Supplier<List<Webhook>> configured;
  private final WebhookSender sender;
  private final Lease lease;
  private final Clock clock;
  private final Counters outcomes;
  private final Throttle told = new Throttle(TOLD_EVERY);
  private final Timer timer = new Timer("thirdsession-webhooks");
  private final Map<UUID, Endpoint> endpoints = new HashMap<>();
  private int ticks;
  private long heldUntilNanos = System.nanoTime();
  private long renewedNanos = heldUntilNanos - RENEWED_EVERY.toNanos();
  private volatile boolean somethingNew;
  private volatile Map<String, Counts> counts = Map.of();

  /**
   * Makes deliveries, which begin with {@link #start}.
   *
   * @param configured returns the webhooks that there are now
   * @param node drawn at the start of this node
   */
  public WebhookDeliveries(
      Jdbc jdbc,
      EventFeed events,
      Supplier<List<Webhook>> configured,
      WebhookSender sender,
      UUID node,
      Clock clock,
      Metrics metrics) {
    this.jdbc = jdbc;
    this.events = events;
    this.configured = configured;
    this.sender = sender;
    this.lease = new Lease(jdbc, "webhooks", node);
    this.clock = clock;
    this.outcomes =
        metrics.counters(
            "thirdsession_webhook_deliveries_total",
            "tries to deliver an event to a webhook",
            "webhook",
            "outcome");
    gauge(
        metrics,
        "thirdsession_webhook_waiting",
        "events on their way to a webhook, on the node that sends",
        Counts::waiting);
    gauge(
        metrics,
        "thirdsession_webhook_parked",
        "events that a webhook did not take and that are no longer sent, on the node that sends",
        Counts::parked);
  }

  private void gauge(Metrics metrics, String name, String help, ToLongFunction<Counts> value) {
    metrics.gauges(
        name,
        help,
        List.of("webhook"),
        () ->
            counts.entrySet().stream()
                .map(
                    entry ->
                        Reading.of((double) value.applyAsLong(entry.getValue()), entry.getKey()))
                .toList());
  }

  /** Begins to deliver. */
  public void start() {
    timer.every(TICK, this::tick);
  }

  @Override
  public void take(Transaction transaction, List<Event> placed) {
    for (Webhook webhook : configured.get()) {
      List<Event> wanted = placed.stream().filter(event -> webhook.wants(event.type())).toList();
      new WebhookDao(transaction).insert(webhook.id(), wanted);
    }
    somethingNew = true;
  }

  private void tick() {
    ticks++;
    List<Webhook> webhooks = configured.get();
    if (webhooks.isEmpty()) {
      counts = Map.of();
      return;
    }
    try {
      if (!isHolder()) {
        counts = Map.of();
        return;
      }
      if (somethingNew || ticks % TICKS_OF_A_SEARCH == 0) {
        somethingNew = false;
        webhooks.forEach(this::deliver);
      }
      if (ticks % TICKS_OF_A_COUNT == 0) {
        count(webhooks);
      }
    } catch (StorageException e) {
      log.debug("nothing is delivered while the database is away", e);
    }
  }

  /** What counts is the time before the question: the database's lease ends later. */
  private boolean isHolder() {
    long now = System.nanoTime();
    if (now - renewedNanos >= RENEWED_EVERY.toNanos()) {
      renewedNanos = now;
      heldUntilNanos = lease.hold(LEASE) ? now + LEASE.toNanos() : now;
    }
    return System.nanoTime() - heldUntilNanos < 0;
  }

  private void deliver(Webhook webhook) {
    Endpoint endpoint = endpoints.computeIfAbsent(webhook.id(), id -> new Endpoint());
    int room = endpoint.room();
    if (room <= 0) {
      return;
    }
    List<Due> due =
        new WebhookDao(jdbc)
            .due(webhook.id(), clock.instant(), MAX_UNDER_WAY + endpoint.underWay.size()).stream()
                .filter(one -> !endpoint.underWay.contains(one.seq()))
                .limit(room)
                .toList();
    Map<Long, Event> found =
        events.at(due.stream().map(Due::seq).toList()).stream()
            .collect(Collectors.toMap(Event::seq, Function.identity()));
    for (Due one : due) {
      @Nullable Event event = found.get(one.seq());
      if (event == null) {
        new WebhookDao(jdbc).delete(webhook.id(), one.seq()); // it was kept long enough
      } else {
        send(endpoint, webhook, one, event);
      }
    }
  }

  private void send(Endpoint endpoint, Webhook webhook, Due due, Event event) {
    endpoint.underWay.add(due.seq());
    var unused =
        sender
            .send(webhook, event)
            .whenComplete(
                (done, failure) ->
                    timer.after(Duration.ZERO, () -> settle(endpoint, webhook, due, failure)));
  }

  private void settle(Endpoint endpoint, Webhook webhook, Due due, @Nullable Throwable failure) {
    try {
      if (failure == null) {
        endpoint.succeeded();
        new WebhookDao(jdbc).delete(webhook.id(), due.seq());
        outcomes.of(webhook.host(), "delivered").increment();
      } else {
        endpoint.failed();
        fail(webhook, due, failure);
      }
    } catch (StorageException e) {
      log.debug("it will be sent again", e);
    } finally {
      endpoint.underWay.remove(due.seq());
    }
    somethingNew = true; // what waited for this, or for room
  }

  private void fail(Webhook webhook, Due due, Throwable failure) {
    Instant now = clock.instant();
    boolean parked = due.attempts() >= PAUSES.size();
    outcomes.of(webhook.host(), parked ? "parked" : "failed").increment();
    if (parked) {
      new WebhookDao(jdbc).park(webhook.id(), due, now);
      log.error(
          "webhook event parked webhook={} seq={} attempts={} reason=\"{}\"",
          webhook.host(),
          due.seq(),
          due.attempts() + 1,
          reason(failure));
      return;
    }
    new WebhookDao(jdbc).postpone(webhook.id(), due, now.plus(PAUSES.get(due.attempts())));
    if (told.isDue(webhook.host())) {
      log.warn(
          "webhook failed webhook={} seq={} attempts={} reason=\"{}\"",
          webhook.host(),
          due.seq(),
          due.attempts() + 1,
          reason(failure));
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  private void count(List<Webhook> webhooks) {
    Map<UUID, Counts> found = new WebhookDao(jdbc).counts();
    Map<String, Counts> byHost = new HashMap<>();
    for (Webhook webhook : webhooks) {
      Counts its = found.getOrDefault(webhook.id(), Counts.NONE);
      byHost.merge(webhook.host(), its, Counts::plus);
    }
    counts = Map.copyOf(byHost);
  }

  /** Sends nothing more; what is under way may be sent again by another node. */
  @Override
  public void close() {
    timer.close();
  }

  /** What is known of a webhook: what is under way, and whether it has failed. */
  private static final class Endpoint {
    private final Set<Long> underWay = new HashSet<>();
    private int failures;
    private long restUntilNanos = System.nanoTime();

    /** Returns how many may be sent now: one, to try, after a failure. */
    int room() {
      if (failures > 0 && System.nanoTime() - restUntilNanos < 0) {
        return 0;
      }
      return (failures > 0 ? 1 : MAX_UNDER_WAY) - underWay.size();
    }

    void succeeded() {
      failures = 0;
    }

    /** Rests for 1, 2, 4, … s; several that fail together count as one. */
    void failed() {
      if (failures > 0 && System.nanoTime() - restUntilNanos < 0) {
        return;
      }
      Duration rest = Duration.ofSeconds(1L << Math.min(failures, MAX_DOUBLINGS));
      failures++;
      restUntilNanos =
          System.nanoTime() + (rest.compareTo(MAX_REST) < 0 ? rest : MAX_REST).toNanos();
    }
  }
}
