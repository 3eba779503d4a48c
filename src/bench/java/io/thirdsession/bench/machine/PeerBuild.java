package io.thirdsession.bench.machine;

import java.io.IOException;
import java.nio.file.Path;

/** Packages the peer, which has a pom of its own. */
public final class PeerBuild {
  private static final Path POM = Path.of("src", "bench", "peer", "pom.xml");
  private static final Path JAR = Path.of("target", "peer", "peer.jar");

  private PeerBuild() {}

  /** Builds it with the Maven that is installed in this folder, and returns the executable jar. */
  public static Path run(Path maven) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(
                maven.resolve("bin").resolve("mvn").toString(),
                "-B",
                "-ntp",
                "-q",
                "-f",
                POM.toString(),
                "package")
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("the peer could not be built: leave 'peers' out of bench.parts");
    }
    return JAR;
  }
}
