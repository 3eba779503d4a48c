package io.thirdsession.lazyimport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestEvents;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.user.IdentityMacs;
import io.thirdsession.user.ImportedUserReader;
import io.thirdsession.user.UserImport;
import io.thirdsession.wechat.WeChatApps;
import java.net.ConnectException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node asks while a question about the same user is open. The database is never needed. */
class OneQuestionTest {
  private static final RequestFacts FACTS =
      new RequestFacts(
          "r",
          Optional.empty(),
          "127.0.0.1",
          Optional.empty(),
          Locale.CHINESE,
          "http://localhost",
          0);

  private final SilentClient client = new SilentClient();
  private final Timer timer = new Timer("test");
  private final Database database =
      new Database(
          TestDatabase.settings("jdbc:mysql://127.0.0.1:1/none"), queries -> {}, new Metrics());
  private final LazyImport lazyImport = lazyImport(database.jdbc());

  @AfterEach
  void stop() {
    timer.close();
    database.close();
  }

  @Test
  void loginsOfOneUserAtOnceAreOneQuestionAndShareItsOutcome() {
    CompletableFuture<Void> first = bring("oalice");
    CompletableFuture<Void> second = bring("oalice");

    assertEquals(1, client.sent().size());
    assertFalse(second.isDone());

    client.sent().get(0).completeExceptionally(new ConnectException());
    assertTrue(first.isDone() && second.isDone());
    assertFalse(second.isCompletedExceptionally(), "it goes on: nothing is required");
  }

  @Test
  void loginsOfTwoUsersAreTwo() {
    bring("oalice");
    bring("obob");

    assertEquals(2, client.sent().size());
  }

  @Test
  void onceItHasEndedTheNextLoginAsksAgain() {
    bring("oalice");
    client.sent().get(0).completeExceptionally(new ConnectException());

    bring("oalice");

    assertEquals(2, client.sent().size());
  }

  private CompletableFuture<Void> bring(String openId) {
    return lazyImport.bring(
        "wx1", openId, Optional.empty(), FACTS, Deadline.in(Duration.ofMinutes(2)));
  }

  private LazyImport lazyImport(Jdbc jdbc) {
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    KeyRing keys = TestKeys.ring("k1");
    FormerSystem system =
        new FormerSystem(
            client,
            timer,
            Optional.of(URI.create("http://localhost/")),
            () -> Optional.of(Secret.of("secret")),
            new ImportedUserReader(new WeChatApps(List::of), clock),
            Duration.ofMinutes(1),
            new Metrics());
    return new LazyImport(
        system,
        false,
        new UserImport(
            jdbc,
            new IdentityMacs(keys),
            new PhoneBook(jdbc, keys, clock),
            TestEvents.none(),
            clock,
            random),
        new FairExecutor(Runnable::run, 2, 100),
        new AuditTrail(jdbc, clock, random, new Metrics()));
  }
}
