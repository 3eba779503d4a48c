package io.thirdsession.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.thirdsession.Timer;
import io.thirdsession.http.Responder;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Readiness;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.MasterKeyRegistry;
import io.thirdsession.login.Apps;
import io.thirdsession.login.LoginService;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatClient;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The object graph, top to bottom. Usable without a container. */
final class App implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(App.class);

  private static final int WECHAT_THREADS = 4;
  private static final int MOST_WAITING = 4_000;
  private static final Duration FILES_READ_EVERY = Duration.ofSeconds(5);

  private final AtomicReference<List<WeChatApp>> weChatApps;
  final Timer timer = new Timer("thirdsession-timer");
  private final Timer fileTimer =
      new Timer("thirdsession-secret-files"); // its task asks the database
  private final ExecutorService weChatExecutor;
  private final ExecutorService databaseExecutor;
  private final KeyRing keys;
  private final Database database;

  final SecureRandom random;
  final Clock clock;
  final TrustedProxies trustedProxies;
  final boolean seedPages;
  final Responder responder = new Responder();
  final Apps apps;
  final UserService users;
  final SessionService sessions;
  final RequestAuthenticator authenticator;
  final LoginService logins;
  final SessionKeyService sessionKeys;
  final ProfileService profiles;

  App(Settings settings, Clock clock, SecureRandom random) {
    this.random = random;
    this.clock = clock;
    this.trustedProxies = settings.trustedProxies();
    this.seedPages = settings.seedPages();
    this.weChatApps = new AtomicReference<>(settings.apps());
    // unbounded: a rejection inside the JDK's client breaks it for good, and logins in flight are
    // counted before they get here
    this.weChatExecutor =
        executor("thirdsession-wechat", WECHAT_THREADS, new LinkedBlockingQueue<>());
    this.databaseExecutor =
        executor(
            "thirdsession-login",
            settings.database().transactionPoolSize(),
            new ArrayBlockingQueue<>(MOST_WAITING));
    this.keys = new KeyRing(settings.masterKeys(), random);
    this.database =
        new Database(settings.database(), queries -> MasterKeyRegistry.check(keys, queries));

    this.apps = new Apps(weChatApps::get);
    this.users = new UserService(database.jdbc(), keys, settings.unionIdLink());
    SessionTokens tokens = new SessionTokens(keys, random);
    this.sessions =
        new SessionService(
            database.jdbc(),
            tokens,
            settings.sessionLifetime(),
            settings.sessionMaxPerUser(),
            clock);
    this.authenticator = new RequestAuthenticator(sessions, clock);
    this.sessionKeys = new SessionKeyService(database.jdbc(), keys, clock);
    WeChatClient weChat = new WeChatClient(httpClient(), settings.weChat(), timer, random, clock);
    this.logins =
        new LoginService(
            weChat, database.jdbc(), users, sessions, databaseExecutor, timer, clock, random);
    this.profiles = new ProfileService(database.jdbc(), sessionKeys);
  }

  /**
   * Brings up the database and begins to watch the files of secrets.
   *
   * @throws io.thirdsession.jdbc.SchemaFault if the database cannot be used
   */
  void start(SecretFiles files) {
    database.start();
    fileTimer.every(FILES_READ_EVERY, () -> files.readAgain(this::replaceSecrets));
  }

  Readiness readiness() {
    return database.readiness();
  }

  /** Takes over what may change while we run: apps, master keys, the database's password. */
  private void replaceSecrets(Settings changed) {
    // first of all: with the old one there may be no way to the database that checks the keys
    database.passwords(changed.database().password(), changed.database().migratePassword());
    if (database.isOpen()) { // else its start checks them
      MasterKeyRegistry.check(new KeyRing(changed.masterKeys(), random), database.jdbc());
    }
    keys.replace(changed.masterKeys());
    weChatApps.set(changed.apps());
  }

  private HttpClient httpClient() {
    // the client's selector thread must not hold on to our class loader after a redeploy
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(1))
          .executor(weChatExecutor)
          .build();
    } finally {
      thread.setContextClassLoader(ours);
    }
  }

  private static ExecutorService executor(
      String name, int threads, BlockingQueue<Runnable> waiting) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(threads, threads, 0, SECONDS, waiting, factory);
  }

  /** Lets logins under way reach the database, then closes; executors and pools last. */
  @Override
  public void close() {
    fileTimer.close();
    databaseExecutor.shutdown();
    try {
      if (!databaseExecutor.awaitTermination(5, SECONDS)) {
        log.warn("logins were cut off by the stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    weChatExecutor.shutdownNow();
    timer.close();
    database.close();
  }
}
