package io.thirdsession.development;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.LogManager;

/**
 * Begins {@code mvn jetty:run}: runs before the server's own listener and puts stand-ins where the
 * developer has set nothing.
 */
public final class DevelopmentStart implements ServletContainerInitializer {
  private static final Path HOME = Path.of("target", "dev");

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    configureLogging();
    new StandIns(new DevelopmentSettings(), HOME).putInto(context);
    ReadyLine.printWhenReady(System.getProperty("jetty.http.port", "8080"));
  }

  private static void configureLogging() {
    try (InputStream in =
        DevelopmentStart.class.getResourceAsStream("/logging-development.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
