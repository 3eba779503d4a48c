package io.thirdsession.development;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One data folder, which this JVM alone may use until it closes it. Next to {@code home/NAME} lie
 * its files {@code NAME.lock}, {@code NAME.log} and so on.
 */
final class DataFolder implements AutoCloseable {
  static final String DATADIR = "--datadir=";

  /** The lock lies far behind the text of its file, which others may thus read on Windows too. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  /**
   * The folders that this JVM has. Asked before the lock file is opened, because closing a second
   * channel to a file releases the lock of the first.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes a data folder and ends the server that a killed JVM may have left on it.
   *
   * @throws IllegalStateException if another process has the folder, or that server does not end
   */
  static DataFolder open(Path home, String name, Duration limit) throws IOException {
    if (!name.matches("[A-Za-z0-9-]{1,32}") || name.equals("base")) {
      throw new IllegalArgumentException("not a name for a data folder: " + name);
    }
    Path path = home.toRealPath().resolve(name);
    if (!OURS.add(path)) {
      throw new IllegalStateException(path + " is in use by this JVM already");
    }
    FileChannel lock = null;
    try {
      lock =
          FileChannel.open(
              path.resolveSibling(name + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (lock.tryLock(LOCKED_BYTE, 1, false) == null) {
        throw new IllegalStateException(
            path + " is in use by process " + holder(lock) + ": stop that one first");
      }
      String pid = ProcessHandle.current().pid() + "\n";
      lock.truncate(0).write(StandardCharsets.US_ASCII.encode(pid), 0);
      DataFolder folder = new DataFolder(path, lock);
      folder.endLeftServer(limit);
      return folder;
    } catch (IOException | RuntimeException e) {
      release(path, lock);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Returns the file beside the folder that has its name and this ending. */
  Path file(String ending) {
    return path.resolveSibling(path.getFileName() + "." + ending);
  }

  /** Returns such a file, empty and for its owner's eyes only (where the system knows of such). */
  Path privateFile(String ending) throws IOException {
    Path file = file(ending);
    Files.deleteIfExists(file);
    if (EmbeddedDatabase.isWindows()) {
      return Files.createFile(file);
    }
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  boolean isInstalled() {
    return Files.exists(path);
  }

  /** Returns an empty folder in which the system tables can be made. */
  Path emptyFolder() throws IOException {
    Path fresh = file("new");
    deleteTree(fresh);
    Files.createDirectory(fresh);
    if (!EmbeddedDatabase.isWindows()) {
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
    }
    return fresh;
  }

  /** Returns the folder beside it for the server's temporary files. */
  Path temporaryFolder() throws IOException {
    return Files.createDirectories(file("tmp"));
  }

  /** Makes such a folder, now complete, the data folder. */
  void install(Path fresh) throws IOException {
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns a sentence of one line that says why the server gave up, from its log. */
  String reasonInLog() {
    Path log = file("log");
    String reason;
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      List<String> said = lines.filter(line -> !line.isBlank()).toList();
      reason =
          said.stream()
              .filter(line -> line.contains("ERROR"))
              .findFirst()
              .orElseGet(() -> said.isEmpty() ? "it said nothing" : said.get(said.size() - 1));
    } catch (IOException | UncheckedIOException e) {
      reason = e.toString();
    }
    return "the embedded MariaDB did not start: "
        + reason.replaceFirst("^[-0-9: ]+", "")
        + " (all of it in "
        + log
        + ")"
        + EmbeddedDatabase.orDbUrl();
  }

  /** Gives the folder up, once no server runs on it. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(file("init.sql"));
      Files.deleteIfExists(file("cnf"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the account of " + path, e);
    } finally {
      release(path, lock);
    }
  }

  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder)) {
      found = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : found) {
      Files.delete(file);
    }
  }

  private void endLeftServer(Duration limit) {
    String pid = recordedPid();
    List<ProcessHandle> left =
        ProcessHandle.allProcesses().filter(process -> serves(process, pid)).toList();
    for (ProcessHandle server : left) {
      server.destroy();
      if (!ended(server, limit)) {
        server.destroyForcibly();
        if (!ended(server, limit)) {
          throw new IllegalStateException(
              "a MariaDB left on " + path + " does not end: process " + server.pid());
        }
      }
    }
  }

  /** The pid file decides only where the system does not show arguments (Windows). */
  private boolean serves(ProcessHandle process, String recordedPid) {
    ProcessHandle.Info info = process.info();
    String command = info.command().orElse("").replace('\\', '/');
    String program = command.substring(command.lastIndexOf('/') + 1);
    if (!program.startsWith("mariadbd") && !program.startsWith("mysqld")) {
      return false;
    }
    return info.arguments()
        .map(arguments -> List.of(arguments).contains(DATADIR + path))
        .orElseGet(() -> recordedPid.equals(Long.toString(process.pid())));
  }

  private String recordedPid() {
    try {
      return Files.readString(file("pid")).strip();
    } catch (IOException e) {
      return "none";
    }
  }

  private static boolean ended(ProcessHandle process, Duration limit) {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot wait for process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + process.pid(), e);
    }
  }

  private static String holder(FileChannel lock) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    lock.read(text, 0);
    return StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
  }

  private static void release(Path path, FileChannel lock) {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give up " + path, e);
    } finally {
      OURS.remove(path);
    }
  }
}
