package io.thirdsession.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is written to a logger and those below it, at every level, until it is closed. */
public final class LogCapture extends Handler implements AutoCloseable {
  private final Logger logger;
  private final Level before;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogCapture(Logger logger) {
    this.logger = logger;
    this.before = logger.getLevel();
  }

  /** Begins to capture what this logger is given. */
  public static LogCapture of(String logger) {
    LogCapture capture = new LogCapture(Logger.getLogger(logger));
    capture.logger.addHandler(capture);
    capture.logger.setLevel(Level.ALL);
    return capture;
  }

  /** Returns the messages so far, each with the stack trace of its exception. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Returns the messages so far that have this in them. */
  public List<String> linesWith(String part) {
    return lines.stream().filter(line -> line.contains(part)).toList();
  }

  @Override
  public void publish(LogRecord entry) {
    StringWriter line = new StringWriter();
    line.write(new SimpleFormatter().formatMessage(entry));
    if (entry.getThrown() != null) {
      line.write('\n');
      entry.getThrown().printStackTrace(new PrintWriter(line, true));
    }
    lines.add(line.toString());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(before);
  }
}
