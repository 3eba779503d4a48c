package io.thirdsession.session;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Counter;
import io.thirdsession.session.SessionWalkDao.Walked;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ends the sessions of all users, in small transactions and with pauses, so that logins get their
 * turn. A request does that for some seconds and says where the next one is to go on; nothing is
 * kept in between. Thread-safe.
 */
public final class EverybodysSessions {
  /** Each clock may be 30 s off the database's, else its node is not ready. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(60);

  private static final Duration WORKING_TIME = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int AT_ONCE = 500;
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final UUID END = new UUID(-1, -1);

  private final Jdbc jdbc;
  private final AuditTrail audit;
  private final EventOutbox events;
  private final Clock clock;
  private final Counter ended;
  private final Duration workingTime;

  /**
   * Ends sessions in this database.
   *
   * @param ended counts them
   */
  public EverybodysSessions(
      Jdbc jdbc, AuditTrail audit, EventOutbox events, Clock clock, Counter ended) {
    this(jdbc, audit, events, clock, ended, WORKING_TIME);
  }

  /** The same with another time for a request, for tests. */
  EverybodysSessions(
      Jdbc jdbc,
      AuditTrail audit,
      EventOutbox events,
      Clock clock,
      Counter ended,
      Duration workingTime) {
    this.jdbc = jdbc;
    this.audit = audit;
    this.events = events;
    this.clock = clock;
    this.ended = ended;
    this.workingTime = workingTime;
  }

  /**
   * Ends the sessions that there are now, for at least one piece and about 5 s at most. Of those of
   * the last minute, whose sids were made by clocks that may disagree, the ones that can be read
   * now are ended first, whatever time that takes; of the others their sid tells that they are
   * older. A session that begins after this was called goes on.
   *
   * @param appId of this app; empty: of all
   * @throws StorageException if the database is away; some may be ended already
   */
  public Ended end(Optional<String> appId, Actor by) {
    record(by, appId, "state=begun");
    UUID border = Uuid7.least(clock.instant().minus(CLOCKS_APART));
    return ending(new Rest(BEGINNING, border), Optional.of(border), appId, by);
  }

  /**
   * Goes on where another call of this or of {@link #end} has stopped.
   *
   * @throws StorageException if the database is away; some may be ended already
   */
  public Ended endRest(Rest rest, Optional<String> appId, Actor by) {
    return ending(rest, Optional.empty(), appId, by);
  }

  /**
   * Returns the rest that has this text; empty if it is none, or of sessions that are still to
   * begin.
   */
  public Optional<Rest> rest(String text) {
    return Rest.parse(text).filter(rest -> !Uuid7.time(rest.before()).isAfter(clock.instant()));
  }

  private Ended ending(Rest from, Optional<UUID> newest, Optional<String> appId, Actor by) {
    AtomicInteger count = new AtomicInteger();
    boolean done = false;
    try {
      newest.ifPresent(border -> endNewest(border, appId, count));
      Optional<Rest> rest = walk(from, appId, count);
      if (rest.isEmpty()) {
        events.addEverybodysSessionsEnded(jdbc, appId);
        done = true;
      }
      return new Ended(count.get(), rest);
    } finally {
      record(by, appId, "state=" + (done ? "done" : "unfinished") + " ended=" + count);
    }
  }

  private void record(Actor by, Optional<String> appId, String detail) {
    audit.record(
        AuditEvent.SESSION_ENDED,
        by.with(by.subject().app(appId.orElse(""))),
        "which=everybody " + detail);
  }

  /** Read at once: what is not there yet has not begun. */
  private void endNewest(UUID border, Optional<String> appId, AtomicInteger count) {
    List<Walked> newest = new SessionWalkDao(jdbc).between(border, END, Integer.MAX_VALUE);
    for (int i = 0; i < newest.size(); i += AT_ONCE) {
      delete(newest.subList(i, Math.min(i + AT_ONCE, newest.size())), appId, count);
    }
  }

  private Optional<Rest> walk(Rest from, Optional<String> appId, AtomicInteger count) {
    Deadline deadline = Deadline.in(workingTime);
    Rest rest = from;
    while (true) {
      List<Walked> walked = new SessionWalkDao(jdbc).between(rest.after(), rest.before(), AT_ONCE);
      delete(walked, appId, count);
      if (walked.size() < AT_ONCE) {
        return Optional.empty();
      }
      rest = new Rest(walked.get(walked.size() - 1).sid(), rest.before());
      if (deadline.passed() || !pause()) {
        return Optional.of(rest);
      }
    }
  }

  private void delete(List<Walked> walked, Optional<String> appId, AtomicInteger count) {
    List<UUID> sids =
        walked.stream()
            .filter(session -> appId.isEmpty() || session.appId().equals(appId))
            .map(Walked::sid)
            .toList();
    AtomicInteger deleted = new AtomicInteger(); // also if it is done again after a lost commit
    int gone =
        jdbc.inTransaction(
            transaction ->
                deleted.accumulateAndGet(new SessionDao(transaction).delete(sids), Math::max));
    count.addAndGet(gone);
    ended.add(gone);
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * What a request has done.
   *
   * @param count how many sessions it has ended, dead ones that were not deleted yet among them
   * @param rest where the next request is to go on; empty if nothing is left
   */
  public record Ended(int count, Optional<Rest> rest) {}

  /**
   * Sessions that are still to be ended: those between these two ids.
   *
   * @param after the last one that is done
   * @param before every id from here on is of a session that stays, or was ended first
   */
  public record Rest(UUID after, UUID before) {
    private static final Pattern TEXT =
        Pattern.compile("(" + Uuid7.TEXT + ")\\.(" + Uuid7.TEXT + ")");

    private static Optional<Rest> parse(String text) {
      Matcher matcher = TEXT.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new Rest(UUID.fromString(matcher.group(1)), UUID.fromString(matcher.group(2))))
          : Optional.empty();
    }

    /** Returns it as clients send it back. */
    public String text() {
      return after + "." + before;
    }
  }
}
