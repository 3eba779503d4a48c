package io.thirdsession.jdbc;

import static io.thirdsession.jdbc.ConnectionFault.Kind.WRONG;
import static io.thirdsession.jdbc.SchemaFault.Part.CONFIGURATION;
import static io.thirdsession.jdbc.SchemaFault.Part.SCHEMA;

import io.thirdsession.Secret;
import io.thirdsession.metrics.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database from start to close: migrates and checks the schema, then lets {@link Jdbc} run
 * statements, and reports whether it is reachable. An unreachable database does not stop the start:
 * connecting is retried until it succeeds. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final Duration TRY_AGAIN = Duration.ofMillis(250);
  private static final Duration MAX_STOP = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final DatabaseSettings settings;
  private final Consumer<Queries> firstUse;
  private final DataSources sources;
  private final Jdbc jdbc;
  private final Thread watcher = new Thread(this::watch, "thirdsession-database-watch");
  private final Presence presence = new Presence();
  private final Watch watch;

  private final CompletableFuture<Void> firstTry = new CompletableFuture<>();

  private volatile boolean open;
  private volatile boolean closed;
  private volatile @Nullable SchemaFault fault;

  /**
   * Makes the pools; the database is not contacted before {@link #start}.
   *
   * @param firstUse runs on the finished schema, before anything else may use it; may throw {@link
   *     SchemaFault}
   */
  public Database(DatabaseSettings settings, Consumer<Queries> firstUse, Metrics metrics) {
    this.settings = settings;
    this.firstUse = firstUse;
    this.sources = new DataSources(settings);
    this.watch = new Watch(sources, presence);
    this.jdbc = new Jdbc(sources, new Gate(), metrics);
    metrics.gauges(
        "thirdsession_db_connections",
        "connections of a pool by state, and callers that wait for one",
        List.of("pool", "state"),
        sources::connections);
    watcher.setDaemon(true);
  }

  /** Returns the object that runs statements; they fail until the database has been opened once. */
  public Jdbc jdbc() {
    return jdbc;
  }

  /**
   * Prepares the schema, or begins to wait for a database that is unreachable.
   *
   * @throws SchemaFault if the database cannot be used before something is changed
   */
  public void start() {
    watcher.start();
    try {
      firstTry.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SchemaFault refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** Uses these passwords, of DB_USER and MIGRATE_USER, for connections opened from now on. */
  public void passwords(Secret password, Secret migratePassword) {
    sources.passwords(password, migratePassword);
  }

  /** Returns the version of the schema that this build is made for. */
  public static int schemaVersion() {
    return Schema.VERSION;
  }

  /** Returns whether the database has been opened, even if it is unreachable now. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Returns whether the database can be used, and what is wrong if not, as it was found within the
   * last seconds. The database is not asked for this.
   */
  public Readiness readiness() {
    if (open) {
      return new Readiness(presence.word(), Readiness.OK, Readiness.OK);
    }
    SchemaFault found = fault;
    if (found == null) {
      return new Readiness(presence.word(), Readiness.UNKNOWN, Readiness.UNKNOWN);
    }
    boolean ofSchema = found.part() == SCHEMA;
    boolean reached = presence.word().equals(Readiness.OK);
    return new Readiness(
        presence.word(),
        ofSchema ? Readiness.WRONG : reached ? Readiness.OK : Readiness.UNKNOWN,
        ofSchema ? Readiness.UNKNOWN : Readiness.WRONG);
  }

  /**
   * The first try is made here too, and not by the container's thread, in which Flyway would leave
   * traces that hold on to our class loader after a redeploy.
   */
  private void watch() {
    try {
      prepare();
    } catch (SQLException e) {
      presence.failed(e);
    } catch (RuntimeException | Error e) {
      firstTry.completeExceptionally(e);
      return;
    }
    firstTry.complete(null);
    prepareUntilReady();
    try {
      while (!closed) {
        watch.await();
        watch.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch.close();
  }

  private void prepareUntilReady() {
    @Nullable String said = null;
    while (!open && !closed) {
      try {
        Thread.sleep(TRY_AGAIN.toMillis());
        prepare();
      } catch (SchemaFault e) {
        if (!Objects.equals(e.getMessage(), said)) {
          said = e.getMessage();
          log.error("database cannot be used: {}", said);
        }
      } catch (SQLException e) {
        presence.failed(e);
      } catch (RuntimeException e) {
        log.error("database cannot be prepared, trying again", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void prepare() throws SQLException {
    int version;
    try {
      try (Connection connection = sources.openForMigrations()) {
        presence.connected();
        ServerCheck.check(connection);
        if (settings.migrate()) {
          Schema.migrate(connection, sources.migrationSettings());
        }
        version = Schema.check(connection);
      }
      try (Connection connection = sources.openAsUser()) {
        firstUse.accept(new Transaction(connection));
      }
    } catch (SchemaFault e) {
      fault = e;
      throw e;
    } catch (StorageException e) {
      throw wrongOrAway(e.getCause() instanceof SQLException cause ? cause : new SQLException(e));
    } catch (SQLException e) {
      throw wrongOrAway(e);
    }
    watch.look();
    fault = null;
    open = true;
    log.info("database ready schema={}", version);
  }

  /** Returns the exception if waiting may help; otherwise throws a {@link SchemaFault}. */
  private SQLException wrongOrAway(SQLException e) {
    ConnectionFault found = ConnectionFault.of(e);
    if (found.kind() == WRONG) {
      presence.failed(e);
      SchemaFault wrong = new SchemaFault(CONFIGURATION, found.line());
      fault = wrong;
      throw wrong;
    }
    fault = null;
    return e;
  }

  /** Stops waiting for the database, and closes the pools. */
  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    try {
      watcher.join(MAX_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sources.close();
  }

  private final class Gate implements StorageGate {
    @Override
    public void check() {
      if (!open) {
        throw StorageException.unavailable("the database has not been reached yet, or is not ours");
      }
    }

    @Override
    public boolean cannotWrite() {
      return watch.doubt();
    }

    @Override
    public void noRoom(SQLException e) {
      watch.noRoom(e);
    }
  }
}
