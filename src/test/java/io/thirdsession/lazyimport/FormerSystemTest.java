package io.thirdsession.lazyimport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.lazyimport.FormerSystem.Asked;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.user.ImportedUserReader;
import io.thirdsession.wechat.WeChatApps;
import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FormerSystemTest {
  private final SilentClient client = new SilentClient();
  private final Timer timer = new Timer("test");
  private final FormerSystem system =
      new FormerSystem(
          client,
          timer,
          Optional.of(URI.create("http://localhost/")),
          () -> Optional.of(Secret.of("secret")),
          new ImportedUserReader(new WeChatApps(List::of), Clock.systemUTC()),
          Duration.ofMinutes(1),
          new Metrics());

  @AfterEach
  void stop() {
    timer.close();
  }

  @Test
  void onlyAHundredQuestionsAreOpenAtOnce() {
    for (int i = 0; i < 100; i++) {
      assertFalse(ask("o" + i).isDone());
    }
    assertEquals(Outcome.NOT_ASKED, outcome(ask("one-more")));

    client.sent().get(0).completeExceptionally(new ConnectException());

    assertFalse(ask("another").isDone());
    assertEquals(Outcome.NOT_ASKED, outcome(ask("one-more")));
  }

  @Test
  void nothingIsAskedForWhichNoTimeIsLeft() {
    CompletableFuture<Optional<ImportedUser>> late =
        system.find(new Asked("wx1", "oalice", Optional.empty()), Deadline.in(Duration.ZERO));

    assertEquals(Outcome.NOT_ASKED, outcome(late));
    assertEquals(0, client.sent().size());
  }

  private CompletableFuture<Optional<ImportedUser>> ask(String openId) {
    return system.find(
        new Asked("wx1", openId, Optional.empty()), Deadline.in(Duration.ofMinutes(2)));
  }

  private static Outcome outcome(CompletableFuture<Optional<ImportedUser>> question) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> question.get(10, SECONDS));
    return assertInstanceOf(NoAnswer.class, failure.getCause()).outcome();
  }
}
