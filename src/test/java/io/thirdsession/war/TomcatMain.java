package io.thirdsession.war;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The WAR in a Tomcat in a process of its own. Its settings stand in the environment; it writes
 * into the file that it is given where it answers, and ends when it is told to.
 */
final class TomcatMain {
  private TomcatMain() {}

  public static void main(String[] args) throws Exception {
    TomcatContainer container = TomcatContainer.start(Map.of());
    Runtime.getRuntime().addShutdownHook(new Thread(container::close));
    Path answers = Path.of(args[0]);
    Path written = Files.writeString(Path.of(args[0] + ".part"), container.base().toString());
    Files.move(written, answers, StandardCopyOption.ATOMIC_MOVE);
    Thread.currentThread().join();
  }
}
