package io.thirdsession.testing;

import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.simulator.WeChatSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Secrets that a test run has used, written down so that its own output can be searched for them.
 */
public final class Canaries {
  /** One file for each JVM, one secret a line; lives and dies with {@code target}. */
  private static final Path FOLDER = Path.of("target", "canaries");

  private static final Path FILE = FOLDER.resolve(ProcessHandle.current().pid() + ".txt");

  private static final int SHORTEST = 12; // shorter ones stand in ordinary text by chance
  private static final Pattern SESSION_KEY = Pattern.compile("\"session_key\":\"([^\"]+)\"");

  private Canaries() {}

  /** Returns the secrets that all JVMs have recorded. */
  public static Set<String> recorded() throws IOException {
    Set<String> all = new LinkedHashSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        all.addAll(Files.readAllLines(file));
      }
    }
    return all;
  }

  /** Records these secrets, and every code and session_key that went through this simulator. */
  public static void record(WeChatSimulator weChat, String... secrets) {
    Set<String> found = new LinkedHashSet<>(Arrays.asList(secrets));
    for (RecordedCall call : weChat.calls()) {
      found.add(call.query().getOrDefault("js_code", ""));
      found.add(call.query().getOrDefault("secret", ""));
      Matcher key = SESSION_KEY.matcher(call.response());
      if (key.find()) {
        found.add(key.group(1).replace("\\/", "/"));
      }
    }
    found.removeIf(secret -> secret.length() < SHORTEST || secret.startsWith("aaaaaaaa"));
    try {
      Files.createDirectories(FOLDER);
      Files.write(FILE, found, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
