package io.thirdsession.testing;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one logger says while this is open. */
public final class LogLines implements AutoCloseable {
  private final StringBuffer text = new StringBuffer();
  private final Logger logger; // held, or it could be collected with its handler
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          text.append(line.getMessage()).append('\n');
          if (line.getParameters() != null) {
            text.append(List.of(line.getParameters()));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private LogLines(Logger logger) {
    this.logger = logger;
    logger.addHandler(handler);
  }

  /** Listens to the logger of this name. */
  public static LogLines of(String name) {
    return new LogLines(Logger.getLogger(name));
  }

  /** Returns all that was said, as it would stand in a file. */
  public String text() {
    return text.toString();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
