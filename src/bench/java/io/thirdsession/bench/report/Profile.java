package io.thirdsession.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where the CPU time of a server went: parts of all samples. */
public final class Profile {
  private static final String COMPILER = "Java's compiler";
  private static final String REST = "JVM, kernel and the JDK's threads";

  /** The first of these that is found from the innermost frame outwards says what a sample is. */
  private static final Map<String, String> BY_FRAME = new LinkedHashMap<>();

  private static final Map<String, String> BY_THREAD = new LinkedHashMap<>();

  static {
    BY_FRAME.put("com/mysql/cj/", "database driver");
    BY_FRAME.put("com/zaxxer/hikari/", "connection pool");
    BY_FRAME.put("jdk/internal/net/http/", "HTTP client, to WeChat");
    BY_FRAME.put("com/google/gson/", "JSON");
    BY_FRAME.put("javax/crypto/", "cryptography");
    BY_FRAME.put("com/sun/crypto/", "cryptography");
    BY_FRAME.put("java/security/", "cryptography");
    BY_FRAME.put("java/util/logging/", "log");
    BY_FRAME.put("org/apache/juli/", "log");
    BY_FRAME.put("io/thirdsession/bench/", "");
    BY_FRAME.put("io/thirdsession/", "this application");
    BY_FRAME.put("org/apache/", "Tomcat's HTTP");
    BY_THREAD.put("C1 CompilerThre", COMPILER);
    BY_THREAD.put("C2 CompilerThre", COMPILER);
    BY_THREAD.put("VM Thread", "garbage collector");
    BY_THREAD.put("GC ", "garbage collector");
    BY_THREAD.put("G1 ", "garbage collector");
  }

  private final String name;
  private final Map<String, Long> samples = new LinkedHashMap<>();

  /** Reads collapsed stacks, outermost frame first; the thread stands before them. */
  public Profile(String name, Iterable<String> lines) {
    this.name = name;
    for (String line : lines) {
      int blank = line.lastIndexOf(' ');
      samples.merge(
          part(line.substring(0, blank)), Long.parseLong(line.substring(blank + 1)), Long::sum);
    }
  }

  private static String part(String stack) {
    for (Map.Entry<String, String> thread : BY_THREAD.entrySet()) {
      if (stack.startsWith("[" + thread.getKey())) {
        return thread.getValue();
      }
    }
    String[] frames = stack.split(";", -1);
    for (int i = frames.length - 1; i >= 0; i--) {
      for (Map.Entry<String, String> known : BY_FRAME.entrySet()) {
        if (frames[i].startsWith(known.getKey()) && !known.getValue().isEmpty()) {
          return known.getValue();
        }
      }
    }
    return REST;
  }

  String name() {
    return name;
  }

  /** Returns which part of the samples that are not the compiler's this is, 0 to 1. */
  double share(String part) {
    return (double) samples.getOrDefault(part, 0L) / withoutCompiler();
  }

  Iterable<String> parts() {
    return samples.keySet().stream().filter(part -> !part.equals(COMPILER)).toList();
  }

  /** Returns how much Java's compiler took, as a part of everything else. */
  double compiler() {
    return (double) samples.getOrDefault(COMPILER, 0L) / withoutCompiler();
  }

  private long withoutCompiler() {
    long all = samples.values().stream().mapToLong(Long::longValue).sum();
    return Math.max(1, all - samples.getOrDefault(COMPILER, 0L));
  }
}
