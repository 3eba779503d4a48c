package io.thirdsession.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the server can write into its log, read from the sources. */
final class LogStatements {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern CALL = Pattern.compile("\\blog(?:ger)?\\.(info|warn|error)\\(\\s*");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern NEXT_PART = Pattern.compile("\\s*\\+\\s*(?=\")");

  /** java.util.logging's names of slf4j's levels. */
  private static final Map<String, String> LEVELS =
      Map.of("info", "INFO", "warn", "WARNING", "error", "SEVERE");

  /**
   * One call of a logger.
   *
   * @param level as it stands in the log
   * @param format with {@code {}} for what is put in
   */
  record Statement(String level, String format) {
    /** Returns whether the line of the documentation can be one of this statement. */
    boolean writes(String documented) {
      return documented.matches(pattern(format, "{}")) || format.matches(pattern(documented, "…"));
    }

    private static String pattern(String text, String placeholder) {
      return Pattern.quote(text).replace(placeholder, "\\E.*\\Q");
    }

    /**
     * Returns whether it has words of its own, and does not write what others have put together.
     */
    boolean hasWords() {
      return !format.equals("{}");
    }
  }

  private LogStatements() {}

  static List<Statement> all() throws IOException {
    List<Statement> statements = new ArrayList<>();
    for (String source : sources()) {
      Matcher call = CALL.matcher(source);
      while (call.find()) {
        statements.add(new Statement(LEVELS.get(call.group(1)), firstArgument(source, call.end())));
      }
    }
    return statements;
  }

  /** Returns every string literal of the server, one a line. */
  static String literals() throws IOException {
    StringBuilder literals = new StringBuilder();
    for (String source : sources()) {
      Matcher literal = LITERAL.matcher(source);
      while (literal.find()) {
        literals.append(unescaped(literal.group(1))).append('\n');
      }
    }
    return literals.toString();
  }

  /** Returns the literal here, and those that are joined to it by +. */
  private static String firstArgument(String source, int start) {
    StringBuilder text = new StringBuilder();
    Matcher literal = LITERAL.matcher(source);
    Matcher next = NEXT_PART.matcher(source);
    int at = start;
    while (literal.region(at, source.length()).lookingAt()) {
      text.append(unescaped(literal.group(1)));
      at = literal.end();
      if (next.region(at, source.length()).lookingAt()) {
        at = next.end();
      }
    }
    if (text.length() == 0) {
      String rest = source.substring(start, Math.min(source.length(), start + 60));
      throw new AssertionError("a log statement that does not begin with its words: " + rest);
    }
    return text.toString();
  }

  private static String unescaped(String literal) {
    return literal.replace("\\\"", "\"");
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<String> sources = new ArrayList<>();
      for (Path file : files.filter(its -> its.toString().endsWith(".java")).toList()) {
        sources.add(Files.readString(file));
      }
      return sources;
    }
  }
}
