package io.thirdsession.app;

import io.github.bucket4j.TimeMeter;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.backend.UserAdministration;
import io.thirdsession.backend.UserImports;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.client.ServiceClients;
import io.thirdsession.compat.EncryptedProfiles;
import io.thirdsession.doctor.Deployment;
import io.thirdsession.doctor.Doctor;
import io.thirdsession.doctor.DoctorSettings;
import io.thirdsession.event.EventFeed;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventRetention;
import io.thirdsession.event.EventSequencer;
import io.thirdsession.http.BaseUrl;
import io.thirdsession.http.RequestTimes;
import io.thirdsession.http.Responder;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.ClockCheck;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Readiness;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.MasterKeyRegistry;
import io.thirdsession.lazyimport.FormerSystem;
import io.thirdsession.lazyimport.LazyImport;
import io.thirdsession.lazyimport.LazyImportSettings;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.LoginBatches;
import io.thirdsession.login.LoginFlights;
import io.thirdsession.login.LoginService;
import io.thirdsession.login.LoginTransaction;
import io.thirdsession.me.ExportService;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.opendata.StaleKeyCheck;
import io.thirdsession.phone.PhoneBinding;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.profile.AvatarService;
import io.thirdsession.profile.Pictures;
import io.thirdsession.purge.Purger;
import io.thirdsession.push.PushApp;
import io.thirdsession.push.PushRelay;
import io.thirdsession.push.PushService;
import io.thirdsession.push.PushedDeeds;
import io.thirdsession.session.CountedChecks;
import io.thirdsession.session.EndedSessions;
import io.thirdsession.session.EverybodysSessions;
import io.thirdsession.session.NewSessions;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionEnd;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.session.Touches;
import io.thirdsession.user.IdentityMacs;
import io.thirdsession.user.IdentityRotation;
import io.thirdsession.user.ImportedUserReader;
import io.thirdsession.user.LoginRecorder;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserImport;
import io.thirdsession.user.UserResponses;
import io.thirdsession.user.UserService;
import io.thirdsession.webhook.Webhook;
import io.thirdsession.webhook.WebhookDeliveries;
import io.thirdsession.webhook.WebhookSender;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The object graph, top to bottom. Usable without a container. */
final class App implements AutoCloseable {
  private static final Duration CLOCKS_COMPARED_EVERY = Duration.ofMinutes(1);
  private static final Duration FILES_READ_EVERY = Duration.ofSeconds(5);
  private static final Duration MASTER_KEYS_ROTATED_EVERY = Duration.ofMinutes(1);
  private static final Duration REPETITIONS_TOLD_EVERY = Duration.ofMinutes(1);

  private final AtomicReference<List<WeChatApp>> weChatApps;
  private final AtomicReference<List<ServiceClient>> configuredClients;
  private final AtomicReference<List<PushApp>> pushApps;
  private final AtomicReference<List<Webhook>> webhooks;
  private final AtomicReference<Optional<Secret>> importSecret;
  private final Threads threads;
  private final KeyRing keys;
  private final Database database;
  private final ClockCheck clocks;
  private final LoginBatches batches;
  private final EventSequencer sequencer;
  private final WebhookDeliveries deliveries;

  final EventOutbox events;
  final EventFeed eventFeed;
  final SecureRandom random;
  final Clock clock;
  final TrustedProxies trustedProxies;
  final BaseUrl baseUrl;
  final Optional<String> publicUrl;
  final Set<String> corsOrigins;
  final Set<OlderClients> olderClients;
  final boolean takesAvatars;
  final boolean hasAdminPage;
  final Metrics metrics = new Metrics();
  final RequestTimes requestTimes = new RequestTimes(metrics);
  final Responder responder = new Responder(requestTimes);
  final WeChatApps configuredApps;
  final AppChooser apps;
  final AuditTrail audit;
  final RateLimits limits;
  final ClientAuthenticator clients;
  final UserDirectory directory;
  final UserAdministration administration;
  final WeChatClient weChat;
  private final Purger purger;
  private final MasterKeyRotation rotation;
  final Touches touches;
  final UserService users;
  final SessionTokens tokens;
  final SessionService sessions;
  final EverybodysSessions everybodysSessions;
  final RequestAuthenticator authenticator;
  final CountedChecks.Calls checks;
  final LoginService logins;
  final ProfileService profiles;
  final OpenDataService openData;
  final EncryptedProfiles encryptedProfiles;
  final PhoneBook phoneBook;
  final PhoneService phones;
  final AvatarService avatars;
  final Pictures pictures = new Pictures();
  final UserResponses userResponses;
  final ExportService exports;
  final PushService pushes;
  final UserImports imports;
  final Doctor doctor;

  App(Settings settings, Clock clock, SecureRandom random) {
    Build.export(metrics);
    this.random = random;
    this.clock = clock;
    this.trustedProxies = settings.trustedProxies();
    this.publicUrl = settings.publicUrl();
    this.baseUrl = new BaseUrl(publicUrl);
    this.corsOrigins = settings.corsOrigins();
    this.olderClients = settings.olderClients();
    this.takesAvatars = settings.avatars();
    this.hasAdminPage = settings.adminPage();
    this.weChatApps = new AtomicReference<>(settings.apps());
    this.configuredClients = new AtomicReference<>(settings.serviceClients());
    this.pushApps = new AtomicReference<>(settings.push().apps());
    this.webhooks = new AtomicReference<>(settings.webhooks().webhooks());
    this.importSecret = new AtomicReference<>(settings.lazyImport().secret());
    this.threads = new Threads(settings.database().transactionPoolSize());
    this.keys = new KeyRing(settings.masterKeys(), random);
    this.database =
        new Database(
            settings.database(), queries -> MasterKeyRegistry.check(keys, queries), metrics);

    this.clocks = new ClockCheck(database.jdbc(), clock, metrics);
    this.audit = new AuditTrail(database.jdbc(), clock, random, metrics);
    this.limits = new RateLimits(settings.rateLimits(), audit, TimeMeter.SYSTEM_NANOTIME, metrics);
    this.clients =
        new ClientAuthenticator(new ServiceClients(configuredClients::get), limits, audit);
    this.events =
        new EventOutbox(
            () -> areEventsWanted(webhooks::get, configuredClients::get), clock, random);
    this.eventFeed = new EventFeed(database.jdbc());
    this.deliveries =
        new WebhookDeliveries(
            database.jdbc(),
            eventFeed,
            webhooks::get,
            new WebhookSender(
                threads.httpClient(Optional.empty()),
                threads.lookups,
                threads.timer,
                clock,
                settings.webhooks().loopback()),
            Uuid7.next(clock.instant(), random),
            clock,
            metrics);
    this.sequencer = new EventSequencer(database.jdbc(), events, deliveries, eventFeed, metrics);
    this.purger =
        new Purger(
            database.jdbc(),
            audit,
            settings.sessionLifetime(),
            settings.auditRetention(),
            new EventRetention(database.jdbc(), settings.eventRetention()),
            clock,
            random,
            metrics);

    this.configuredApps = new WeChatApps(weChatApps::get);
    this.apps = new AppChooser(configuredApps);
    IdentityMacs identityMacs = new IdentityMacs(keys);
    EndedSessions ended = new EndedSessions(metrics);
    this.users =
        new UserService(database.jdbc(), identityMacs, audit, events, ended.of(SessionEnd.ERASED));
    this.tokens = new SessionTokens(keys, random);
    this.touches = new Touches(database.jdbc(), metrics);
    this.sessions =
        new SessionService(
            database.jdbc(),
            tokens,
            identityMacs,
            settings.sessionLifetime(),
            touches,
            audit,
            events,
            clock,
            ended);
    this.everybodysSessions =
        new EverybodysSessions(
            database.jdbc(), audit, events, clock, ended.of(SessionEnd.EVERYBODY));
    this.authenticator = new RequestAuthenticator(sessions::find, clock);
    this.checks = CountedChecks.Calls.of(sessions, metrics);
    SessionKeyService sessionKeys = new SessionKeyService(database.jdbc(), keys, clock);
    this.profiles = new ProfileService(database.jdbc(), sessionKeys, events);
    this.phoneBook = new PhoneBook(database.jdbc(), keys, clock);
    this.rotation =
        new MasterKeyRotation(
            phoneBook,
            new IdentityRotation(database.jdbc(), keys, settings.lostMasterKeys(), identityMacs),
            clock,
            metrics);
    this.directory = new UserDirectory(database.jdbc(), identityMacs, phoneBook);
    this.avatars = new AvatarService(database.jdbc(), keys, events, clock);
    this.userResponses = new UserResponses(phoneBook);
    this.weChat =
        new WeChatClient(
            threads.httpClient(settings.weChat().proxy()),
            settings.weChat(),
            threads.timer,
            random,
            clock,
            metrics);
    this.openData =
        new OpenDataService(
            sessionKeys,
            new StaleKeyCheck(sessionKeys, configuredApps, weChat, threads.database),
            audit,
            threads.timer,
            clock,
            clocks,
            configuredApps,
            metrics);
    this.encryptedProfiles = new EncryptedProfiles(openData, profiles, limits);
    this.phones =
        new PhoneService(
            weChat,
            configuredApps,
            openData,
            limits,
            new PhoneBinding(phoneBook, sessions, ended, events, audit),
            settings.phones(),
            threads.timer,
            threads.database,
            metrics);
    this.batches =
        new LoginBatches(
            new LoginTransaction(
                database.jdbc(),
                new LoginRecorder(keys, identityMacs, events, settings.unionIdLink()),
                new NewSessions(
                    tokens,
                    settings.sessionLifetime(),
                    settings.sessionMaxPerUser(),
                    touches,
                    ended.of(SessionEnd.LOGIN)),
                random),
            threads.databaseThreads,
            threads.database,
            threads.timer);
    ImportedUserReader importedUsers = new ImportedUserReader(configuredApps, clock);
    UserImport userImport =
        new UserImport(database.jdbc(), identityMacs, phoneBook, events, clock, random);
    this.imports = new UserImports(userImport, importedUsers, audit);
    this.logins =
        new LoginService(
            weChat,
            new LoginFlights(threads.timer),
            batches,
            lazyImport(settings.lazyImport(), importedUsers, userImport),
            sessions,
            phones,
            limits,
            audit,
            threads.timer,
            clock,
            metrics);
    this.exports =
        new ExportService(
            profiles, users, phoneBook, avatars, sessions, audit, userResponses, limits, clock);
    this.administration =
        new UserAdministration(
            database.jdbc(),
            users,
            directory,
            sessions,
            ended,
            sessionKeys,
            configuredApps,
            weChat,
            audit,
            threads.database,
            clock);
    this.pushes =
        new PushService(
            pushApps::get,
            new PushedDeeds(directory, phoneBook, profiles, users, events, audit),
            new PushRelay(
                threads.httpClient(Optional.empty()), threads.timer, settings.push().relayUrl()),
            limits,
            threads.database,
            clock);
    this.doctor = deployment(settings).doctor(threads.doctor, threads.timer);
  }

  /** Returns whether there is anybody to tell of events. */
  private static boolean areEventsWanted(
      Supplier<List<Webhook>> webhooks, Supplier<List<ServiceClient>> clients) {
    return !webhooks.get().isEmpty()
        || clients.get().stream().anyMatch(client -> client.scopes().contains(Scope.EVENTS));
  }

  private LazyImport lazyImport(
      LazyImportSettings settings, ImportedUserReader reader, UserImport userImport) {
    FormerSystem system =
        new FormerSystem(
            threads.httpClient(Optional.empty()),
            threads.timer,
            settings.url(),
            importSecret::get,
            reader,
            metrics);
    return new LazyImport(system, settings.required(), userImport, threads.database, audit);
  }

  private Deployment deployment(Settings settings) {
    return new Deployment(
        new DoctorSettings(
            settings.publicUrl(),
            settings.database().poolSize(),
            settings.database().transactionPoolSize(),
            !settings.rateLimits().isEmpty(),
            settings.sessionLifetime().idle(),
            settings.sessionLifetime().absolute()),
        database.jdbc(),
        this::readiness,
        keys::ids,
        rotation::left,
        weChat,
        configuredApps,
        threads.httpClient(Optional.empty()),
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
    threads.chores.every(REPETITIONS_TOLD_EVERY, audit::tellRepetitions);
    touches.start();
    sequencer.start();
    deliveries.start();
    threads.chores.every(FILES_READ_EVERY, () -> files.readAgain(this::replaceSecrets));
    threads.chores.every(MASTER_KEYS_ROTATED_EVERY, rotation::run);
  }

  void rotateMasterKeys() {
    rotation.run();
  }

  /** Begins to compare this node's clock with the database's, now and every minute. */
  void watchClock() {
    compareClocks();
    threads.chores.every(CLOCKS_COMPARED_EVERY, this::compareClocks);
  }

  void compareClocks() {
    clocks.compare();
  }

  Timer timer() {
    return threads.timer;
  }

  Readiness readiness() {
    Readiness found = database.readiness();
    return clocks.agrees() ? found : found.withWrongConfiguration();
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
    pushApps.set(changed.push().apps());
    webhooks.set(changed.webhooks().webhooks());
    importSecret.set(changed.lazyImport().secret());
  }

  /** Ends what is under way, then what is written later, then the connections to the database. */
  @Override
  public void close() {
    purger.close();
    deliveries.close(); // before the threads that it sends by
    batches.finish();
    threads.close();
    touches.close();
    sequencer.close();
    audit.close(); // after everybody who has something to say
    database.close();
  }
}
