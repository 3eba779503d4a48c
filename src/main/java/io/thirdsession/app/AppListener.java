package io.thirdsession.app;

import io.thirdsession.jdbc.SchemaFault;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the application in a container and closes it. The only class that web.xml names. */
public final class AppListener implements ServletContextListener {
  private static final Logger log = LoggerFactory.getLogger(AppListener.class);

  private @Nullable App app;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    long startedNanos = System.nanoTime();
    OwnClasses.load();
    Environment environment = Environment.of(event.getServletContext());
    SettingOrigins.log(environment);
    SecretFiles files = new SecretFiles(environment);
    Settings settings;
    try {
      settings = SettingsReader.read(environment);
    } catch (SettingsException e) {
      e.faults().forEach(fault -> log.error("configuration fault: {}", fault));
      throw e;
    }
    App starting = new App(settings, Clock.tickMillis(ZoneOffset.UTC), new SecureRandom());
    try {
      starting.start(files);
      starting.watchClock();
      Routes.register(event.getServletContext(), starting);
    } catch (RuntimeException | Error e) {
      if (e instanceof SchemaFault) {
        log.error("start refused: {}", e.getMessage());
      }
      starting.close(); // the container will not call contextDestroyed for what never began
      throw e;
    }
    if (settings.avatars() && settings.publicUrl().isEmpty()) {
      log.warn("PUBLIC_URL is not set: URLs of pictures begin as that of each request");
    }
    for (URI url : settings.weChat().plaintext()) {
      log.warn(
          "calls to WeChat are not encrypted: AppSecrets and session_keys can be read on the way to {}",
          url.getAuthority());
    }
    app = starting;
    log.info(
        "started millis={} apps={}",
        Duration.ofNanos(System.nanoTime() - startedNanos).toMillis(),
        settings.apps().size());
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (app != null) {
      app.close();
      log.info("stopped");
    }
  }
}
