package io.thirdsession.jdbc;

import static io.thirdsession.jdbc.SchemaFault.Part.CONFIGURATION;
import static io.thirdsession.jdbc.SchemaFault.Part.SCHEMA;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database from start to close: brings up the schema, opens the gate for {@link Jdbc}, and
 * tells whether it is there. A database that is merely away does not stop the start: it is tried
 * again until it comes. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final Duration TRY_AGAIN = Duration.ofMillis(500);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);
  private static final Duration PROBE_AGAIN = Duration.ofSeconds(1);

  /** What the server says that no waiting will cure, with the cure. */
  private static final Map<Integer, String> REFUSALS =
      Map.of(
          1045, "the database refuses the password of DB_USER (or MIGRATE_USER)",
          1044, "DB_USER (or MIGRATE_USER) has no rights on the database that DB_URL names",
          1142, "DB_USER may not read and write the tables: grant SELECT, INSERT, UPDATE, DELETE",
          1049, "the database that DB_URL names does not exist: create it");

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final DatabaseSettings settings;
  private final Consumer<Queries> firstUse;
  private final DataSources sources;
  private final Jdbc jdbc;
  private final Thread starter = new Thread(this::prepareUntilReady, "thirdsession-database-start");
  private final ReentrantLock probing = new ReentrantLock();

  private volatile boolean open;
  private volatile boolean closed;
  private volatile @Nullable SchemaFault fault;
  private volatile boolean lastProbe;
  private volatile Deadline nextProbe = Deadline.in(Duration.ZERO);

  /**
   * Makes the pools; nothing is asked of the database before {@link #start}.
   *
   * @param firstUse runs once, on the finished schema, before anybody else may use it; may throw
   *     {@link SchemaFault}
   */
  public Database(DatabaseSettings settings, Consumer<Queries> firstUse) {
    this.settings = settings;
    this.firstUse = firstUse;
    this.sources = new DataSources(settings);
    this.jdbc = new Jdbc(sources.statements(), sources.transactions(), this::checkOpen);
    starter.setDaemon(true);
  }

  /** Returns the way to run statements; they fail until the database was reached once. */
  public Jdbc jdbc() {
    return jdbc;
  }

  /**
   * Brings up the schema, or begins to wait for a database that is away.
   *
   * @throws SchemaFault if the database was reached and cannot be used
   */
  public void start() {
    try {
      prepare();
    } catch (SQLException e) {
      log.warn("database away, waiting for it {}", describe(e));
      starter.start();
    }
  }

  /** Uses these passwords, of DB_USER and MIGRATE_USER, for connections opened from now on. */
  public void passwords(Secret password, Secret migratePassword) {
    sources.passwords(password, migratePassword);
  }

  /** Returns whether the database was reached and is ours, be it away now. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Returns how things stand. The database is asked at most once a second, whoever asks us how
   * often.
   */
  public Readiness readiness() {
    SchemaFault present = fault;
    if (open) {
      return new Readiness(answers() ? Readiness.OK : Readiness.AWAY, Readiness.OK, Readiness.OK);
    }
    if (present == null) {
      return new Readiness(Readiness.AWAY, Readiness.UNKNOWN, Readiness.UNKNOWN);
    }
    return new Readiness(
        Readiness.OK,
        present.part() == SCHEMA ? Readiness.WRONG : Readiness.OK,
        present.part() == CONFIGURATION ? Readiness.WRONG : Readiness.UNKNOWN);
  }

  private boolean answers() {
    if (nextProbe.passed() && probing.tryLock()) {
      try (Connection connection = sources.statements().getConnection()) {
        lastProbe = connection.isValid(1);
      } catch (SQLException e) {
        lastProbe = false;
      } finally {
        nextProbe = Deadline.in(PROBE_AGAIN);
        probing.unlock();
      }
    }
    return lastProbe;
  }

  private void checkOpen() {
    if (!open) {
      throw StorageException.notReady("the database has not been reached yet, or is not ours");
    }
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
        log.debug("database still away {}", describe(e));
      } catch (RuntimeException e) {
        log.error("database cannot be prepared, trying again", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void prepare() throws SQLException {
    try {
      try (Connection connection = sources.openForMigrations()) {
        Schema.checkServer(connection.getMetaData());
        if (settings.migrate()) {
          Schema.migrate(connection, sources.migrationSettings());
        }
        Schema.check(connection);
      }
      try (Connection connection = sources.openAsUser()) {
        firstUse.accept(new Transaction(connection));
      }
    } catch (SchemaFault e) {
      fault = e;
      throw e;
    } catch (StorageException e) {
      throw refusedOrAway(e.getCause() instanceof SQLException cause ? cause : new SQLException(e));
    } catch (SQLException e) {
      throw refusedOrAway(e);
    }
    fault = null;
    lastProbe = true;
    open = true;
    log.info("database ready schema={}", Schema.VERSION);
  }

  /** Returns the exception if waiting may help. */
  private SQLException refusedOrAway(SQLException e) {
    String cure = REFUSALS.get(e.getErrorCode());
    if (cure != null) {
      SchemaFault refused = new SchemaFault(CONFIGURATION, cure);
      fault = refused;
      throw refused;
    }
    fault = null;
    return e;
  }

  private static String describe(SQLException e) {
    return "sqlState=" + e.getSQLState() + " code=" + e.getErrorCode();
  }

  /** Ends waiting, closes the pools. */
  @Override
  public void close() {
    closed = true;
    starter.interrupt();
    try {
      starter.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sources.close();
  }
}
