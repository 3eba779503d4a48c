package io.thirdsession.login;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Timer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.user.AppLogin;
import io.thirdsession.wechat.CodeSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginBatchesTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(10);
  private final Timer timer = new Timer("test");
  private final FakeRecorder recorder = new FakeRecorder();
  private final LoginBatches batches =
      new LoginBatches(recorder, threads, new FairExecutor(threads, 2, 100), timer);

  @AfterEach
  void stop() {
    recorder.hanging.clear();
    recorder.gate.countDown();
    threads.shutdownNow();
    timer.close();
  }

  @Test
  void recordsALoginAloneWhenNobodyWaits() throws Exception {
    run("a").get(10, TimeUnit.SECONDS);

    assertEquals(List.of("a"), recorder.alone);
    assertEquals(List.of(), recorder.together);
  }

  @Test
  void recordsThoseThatWaitTogetherInPowersOfTwoOfAtMost32() throws Exception {
    List<CompletableFuture<Login>> logins = runBehindTwoThatHang(7 + 32);
    recorder.release("hangs0");

    for (CompletableFuture<Login> login : logins) {
      login.get(10, TimeUnit.SECONDS);
    }
    assertTrue(recorder.together.stream().allMatch(size -> Integer.bitCount(size) == 1));
    assertTrue(recorder.together.stream().anyMatch(size -> size > 1), "some are together");
    assertTrue(recorder.together.stream().allMatch(size -> size <= 32));
    int recorded = recorder.together.stream().mapToInt(Integer::intValue).sum();
    assertEquals(7 + 32, recorded + recorder.alone.size() - 2, "each once, and the two that hang");
  }

  @Test
  void neverRecordsTwoLoginsOfOneUserTogether() throws Exception {
    hold(2);
    List<CompletableFuture<Login>> logins = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      logins.add(run(i % 2 == 0 ? "alice" : "other" + i));
    }
    recorder.release("hangs0");

    for (CompletableFuture<Login> login : logins) {
      login.get(10, TimeUnit.SECONDS);
    }
    assertFalse(recorder.sawTwins);
  }

  @Test
  void recordsAloneWhatIsNotPlain() throws Exception {
    recorder.notPlain.add("b");
    hold(2);
    List<CompletableFuture<Login>> logins = List.of(run("a"), run("b"), run("c"), run("d"));
    recorder.release("hangs0");

    for (CompletableFuture<Login> login : logins) {
      login.get(10, TimeUnit.SECONDS);
    }
    assertTrue(recorder.alone.contains("b"));
  }

  @Test
  void aTransactionThatFailsGivesEachLoginAnOutcomeOfItsOwn() throws Exception {
    recorder.togetherFails = true;
    recorder.refused.add("b");
    hold(2);
    CompletableFuture<Login> good = run("a");
    CompletableFuture<Login> refused = run("b");
    recorder.release("hangs0");

    good.get(10, TimeUnit.SECONDS);
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> refused.get(10, TimeUnit.SECONDS));
    assertEquals(
        ApiError.USER_DISABLED, assertInstanceOf(ApiException.class, e.getCause()).error());
  }

  @Test
  void whatHangsHoldsUpNobodyElse() throws Exception {
    hold(2);

    run("a").get(10, TimeUnit.SECONDS);
    run("b").get(10, TimeUnit.SECONDS);
  }

  @Test
  void whatHangsHoldsUpNobodyThoughWhatIsBegunNextHangsToo() throws Exception {
    hold(2);
    recorder.hanging.put("bob", new CountDownLatch(1));
    CompletableFuture<Login> bob = run("bob");
    run("alice");
    CompletableFuture<Login> again = run("alice"); // not together with the other one

    again.get(10, TimeUnit.SECONDS);
    assertFalse(bob.isDone());
  }

  @Test
  void aLoginWhoseDeadlineHasPassedIsNotRecorded() {
    CompletableFuture<Login> late =
        batches.run(
            ConfirmedLogins.REQUEST,
            ConfirmedLogins.of("a"),
            Instant.now(),
            Deadline.in(Duration.ZERO));

    ExecutionException e =
        assertThrows(ExecutionException.class, () -> late.get(10, TimeUnit.SECONDS));
    assertInstanceOf(LoginBatches.Late.class, e.getCause());
    assertEquals(List.of(), recorder.alone);
  }

  @Test
  void whoeverComesAfterTheThreadsEndedIsRefused() {
    threads.shutdownNow();

    List<CompletableFuture<Login>> logins = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      logins.add(run("a" + i));
    }
    logins.forEach(
        login -> assertThrows(ExecutionException.class, () -> login.get(10, TimeUnit.SECONDS)));
  }

  @Test
  void finishWaitsForWhatIsUnderWay() throws Exception {
    List<CompletableFuture<Login>> logins = runBehindTwoThatHang(10);
    recorder.release("hangs0");
    recorder.release("hangs1");

    batches.finish();

    logins.forEach(login -> assertTrue(login.isDone()));
  }

  private List<CompletableFuture<Login>> runBehindTwoThatHang(int count) {
    hold(2);
    List<CompletableFuture<Login>> logins = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      logins.add(run("user" + i));
    }
    return logins;
  }

  /** Has so many transactions hang. */
  private void hold(int count) {
    for (int i = 0; i < count; i++) {
      String openId = "hangs" + i;
      recorder.hanging.put(openId, new CountDownLatch(1));
      run(openId);
      eventually(() -> assertTrue(recorder.alone.contains(openId)));
    }
  }

  private CompletableFuture<Login> run(String openId) {
    return batches.run(
        ConfirmedLogins.REQUEST,
        ConfirmedLogins.of(openId),
        Instant.now(),
        Deadline.in(Duration.ofSeconds(30)));
  }

  private static final class FakeRecorder implements LoginBatches.Recorder {
    private final SessionTokens tokens = new SessionTokens(TestKeys.ring("k1"), new SecureRandom());
    private final List<String> alone = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> together = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    private final Set<String> notPlain = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean togetherFails;
    private volatile boolean sawTwins;

    void release(String openId) {
      CountDownLatch latch = hanging.remove(openId);
      if (latch != null) {
        latch.countDown();
      }
    }

    @Override
    public ConfirmedLogin confirmed(LoginRequest request, CodeSession codeSession, Instant at) {
      AppLogin login =
          new AppLogin(
              request.app().appId(),
              codeSession,
              request.profile(),
              UUID.randomUUID(),
              UUID.randomUUID(),
              at,
              true);
      return new ConfirmedLogin(request, login, tokens.mint(at));
    }

    @Override
    public Login record(ConfirmedLogin login, Deadline deadline) {
      String openId = login.appLogin().codeSession().openId();
      alone.add(openId);
      CountDownLatch latch = hanging.get(openId);
      if (latch != null) {
        await(latch);
      }
      if (refused.contains(openId)) {
        throw ApiException.of(ApiError.USER_DISABLED, "disabled");
      }
      return login(login);
    }

    @Override
    public Map<ConfirmedLogin, Login> recordPlain(List<ConfirmedLogin> logins, Deadline deadline) {
      if (togetherFails) {
        throw new IllegalStateException("the transaction failed");
      }
      for (ConfirmedLogin login : logins) {
        CountDownLatch latch = hanging.get(login.appLogin().codeSession().openId());
        if (latch != null) {
          await(latch);
        }
      }
      Set<String> identities = new HashSet<>();
      Map<ConfirmedLogin, Login> recorded = new HashMap<>();
      for (ConfirmedLogin login : logins) {
        if (!identities.add(login.identity())) {
          sawTwins = true;
        }
        if (!notPlain.contains(login.appLogin().codeSession().openId())) {
          recorded.put(login, login(login));
        }
      }
      together.add(recorded.size());
      return recorded;
    }

    private static Login login(ConfirmedLogin login) {
      return new Login(login.token(), null, null, false, Optional.empty(), Optional.empty());
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
