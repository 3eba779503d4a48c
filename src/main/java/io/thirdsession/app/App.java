package io.thirdsession.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.bucket4j.TimeMeter;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.backend.UserAdministration;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.client.ServiceClients;
import io.thirdsession.compat.EncryptedProfiles;
import io.thirdsession.http.BaseUrl;
import io.thirdsession.http.Responder;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Readiness;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.MasterKeyRegistry;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.login.Apps;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.opendata.StaleKeyCheck;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.purge.Purger;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.user.AvatarService;
import io.thirdsession.user.PhoneBook;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.user.UserAnswers;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
  private static final Duration PHONES_SEALED_ANEW_EVERY = Duration.ofMinutes(1);

  private final AtomicReference<List<WeChatApp>> weChatApps;
  private final AtomicReference<List<ServiceClient>> configuredClients;
  final Timer timer = new Timer("thirdsession-timer");
  private final Timer chores = new Timer("thirdsession-chores"); // they ask the database
  private final ExecutorService weChatExecutor;
  private final ExecutorService databaseExecutor;
  private final KeyRing keys;
  private final Database database;

  final SecureRandom random;
  final Clock clock;
  final TrustedProxies trustedProxies;
  final BaseUrl baseUrl;
  final Set<OlderClients> olderClients;
  final boolean takesAvatars;
  final Responder responder = new Responder();
  final WeChatApps configuredApps;
  final Apps apps;
  final AuditTrail audit;
  final RateLimits limits;
  final ServiceClients serviceClients;
  final ClientAuthenticator clients;
  final UserDirectory directory;
  final UserAdministration administration;
  final WeChatClient weChat;
  private final Purger purger;
  final UserService users;
  final SessionService sessions;
  final RequestAuthenticator authenticator;
  final LoginService logins;
  final ProfileService profiles;
  final OpenDataService openData;
  final EncryptedProfiles encryptedProfiles;
  final PhoneBook phoneBook;
  final PhoneService phones;
  final AvatarService avatars;
  final UserAnswers userAnswers;

  App(Settings settings, Clock clock, SecureRandom random) {
    this.random = random;
    this.clock = clock;
    this.trustedProxies = settings.trustedProxies();
    this.baseUrl = new BaseUrl(settings.publicUrl());
    this.olderClients = settings.olderClients();
    this.takesAvatars = settings.avatars();
    this.weChatApps = new AtomicReference<>(settings.apps());
    this.configuredClients = new AtomicReference<>(settings.serviceClients());
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

    this.audit = new AuditTrail(database.jdbc(), clock, random);
    this.limits = new RateLimits(settings.rateLimits(), audit, TimeMeter.SYSTEM_NANOTIME);
    this.serviceClients = new ServiceClients(configuredClients::get);
    this.clients = new ClientAuthenticator(serviceClients, limits, audit);
    this.purger =
        new Purger(
            database.jdbc(),
            audit,
            settings.sessionLifetime(),
            settings.auditRetention(),
            clock,
            random);

    this.configuredApps = new WeChatApps(weChatApps::get);
    this.apps = new Apps(configuredApps);
    this.users = new UserService(database.jdbc(), keys, audit, settings.unionIdLink());
    SessionTokens tokens = new SessionTokens(keys, random);
    this.sessions =
        new SessionService(
            database.jdbc(),
            tokens,
            settings.sessionLifetime(),
            settings.sessionMaxPerUser(),
            clock);
    this.authenticator = new RequestAuthenticator(sessions, clock);
    SessionKeyService sessionKeys = new SessionKeyService(database.jdbc(), keys, clock);
    this.profiles = new ProfileService(database.jdbc(), sessionKeys);
    this.phoneBook = new PhoneBook(database.jdbc(), keys, clock);
    this.avatars = new AvatarService(database.jdbc(), keys, clock);
    this.userAnswers = new UserAnswers(phoneBook);
    this.weChat = new WeChatClient(httpClient(), settings.weChat(), timer, random, clock);
    this.openData =
        new OpenDataService(
            sessionKeys,
            new StaleKeyCheck(sessionKeys, configuredApps, weChat, databaseExecutor),
            limits,
            audit,
            timer,
            clock);
    this.encryptedProfiles = new EncryptedProfiles(openData, profiles);
    this.phones =
        new PhoneService(
            weChat,
            configuredApps,
            openData,
            phoneBook,
            sessions,
            settings.phones(),
            audit,
            timer,
            databaseExecutor);
    this.logins =
        new LoginService(
            weChat,
            database.jdbc(),
            users,
            sessions,
            phones,
            limits,
            audit,
            databaseExecutor,
            timer,
            clock,
            random);
    this.directory = new UserDirectory(database.jdbc(), keys);
    this.administration =
        new UserAdministration(
            database.jdbc(),
            users,
            directory,
            sessions,
            sessionKeys,
            configuredApps,
            weChat,
            databaseExecutor,
            clock);
  }

  /**
   * Brings up the database and begins to watch the files of secrets.
   *
   * @throws io.thirdsession.jdbc.SchemaFault if the database cannot be used
   */
  void start(SecretFiles files) {
    database.start();
    audit.start();
    purger.start();
    chores.every(FILES_READ_EVERY, () -> files.readAgain(this::replaceSecrets));
    chores.every(PHONES_SEALED_ANEW_EVERY, this::sealPhonesAnew);
  }

  private void sealPhonesAnew() {
    try {
      phoneBook.sealAnew();
    } catch (StorageException e) {
      log.debug("phones not sealed anew yet", e);
    }
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
    configuredClients.set(changed.serviceClients());
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
    chores.close();
    purger.close();
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
    audit.close(); // after everybody who has something to say
    database.close();
  }
}
