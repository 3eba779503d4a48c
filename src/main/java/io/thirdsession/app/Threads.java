package io.thirdsession.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.thirdsession.FairExecutor;
import io.thirdsession.Timer;
import io.thirdsession.wechat.WeChatSettings.HttpProxy;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the application, and the order in which they end. Thread-safe. */
final class Threads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Threads.class);

  private static final int WECHAT_THREADS = 4;
  private static final int MAX_WAITING_LOGINS = 4_000;

  /** So that a row of one user which somebody has locked does not hold up everybody's logins. */
  private static final int MAX_AT_ONCE_OF_USER = 2;

  private static final int MAX_WAITING_OF_USER = 100;

  /** One for each group of checks, of which most wait for others. */
  private static final int DOCTOR_THREADS = 5;

  /** A name that nobody answers for holds one for seconds. */
  private static final int LOOKUP_THREADS = 2;

  private static final int SECONDS_FOR_LOGINS = 5;

  final Timer timer = new Timer("thirdsession-timer");
  final Timer chores = new Timer("thirdsession-chores"); // they ask the database
  final FairExecutor database;
  final ExecutorService databaseThreads;
  final ExecutorService doctor;
  final ExecutorService lookups;
  private final ExecutorService weChat;

  /** Starts none yet: each is started by its first task. */
  Threads(int threads) {
    this.databaseThreads =
        executor("thirdsession-login", threads, new ArrayBlockingQueue<>(MAX_WAITING_LOGINS));
    this.database =
        new FairExecutor(this.databaseThreads, MAX_AT_ONCE_OF_USER, MAX_WAITING_OF_USER);
    this.doctor = executor("thirdsession-doctor", DOCTOR_THREADS, new LinkedBlockingQueue<>());
    this.lookups = executor("thirdsession-lookup", LOOKUP_THREADS, new LinkedBlockingQueue<>());
    // unbounded: a rejection inside the JDK's client breaks it for good, and logins in flight are
    // counted before they get here
    this.weChat = executor("thirdsession-wechat", WECHAT_THREADS, new LinkedBlockingQueue<>());
  }

  /** Returns a new client for WeChat, whose callbacks run on threads of their own. */
  HttpClient httpClient(Optional<HttpProxy> proxy) {
    return HttpClients.forWeChat(weChat, proxy);
  }

  private static ExecutorService executor(
      String name, int threads, BlockingQueue<Runnable> waiting) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        threads,
        threads,
        0,
        SECONDS,
        waiting,
        task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Lets logins under way reach the database, then ends everything else. */
  @Override
  public void close() {
    chores.close();
    databaseThreads.shutdown();
    try {
      if (!databaseThreads.awaitTermination(SECONDS_FOR_LOGINS, SECONDS)) {
        log.warn("logins were cut off by the stop");
      }
    } catch (InterruptedException ignored) { // whoever stops us is in a hurry
      Thread.currentThread().interrupt();
    }
    doctor.shutdownNow();
    lookups.shutdownNow();
    weChat.shutdownNow();
    timer.close();
  }
}
