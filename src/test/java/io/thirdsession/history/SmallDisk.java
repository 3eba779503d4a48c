package io.thirdsession.history;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that can be full. Only root can have one. */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Returns whether this user may have one. */
  static boolean isPossible() {
    return System.getProperty("user.name").equals("root");
  }

  /** Makes an empty one of so many MiB. */
  static SmallDisk mount(int mebibytes) throws IOException {
    Path folder = Files.createTempDirectory("small-disk");
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder);
  }

  Path folder() {
    return folder;
  }

  /** Leaves no byte on it. */
  void fill() throws IOException {
    try (OutputStream file = Files.newOutputStream(filling())) {
      while (true) {
        file.write(new byte[BLOCK]);
      }
    } catch (IOException full) {
      if (Files.getFileStore(folder).getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  /** Deletes what filled it. */
  void free() throws IOException {
    Files.delete(filling());
  }

  private Path filling() {
    return folder.resolve("filling");
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", folder.toString());
    Files.delete(folder);
  }

  private static void run(String... command) throws IOException {
    int status;
    try {
      status = new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status);
    }
  }
}
