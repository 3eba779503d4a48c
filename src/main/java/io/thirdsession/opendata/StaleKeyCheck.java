package io.thirdsession.opendata;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Throttle;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.user.OpenedKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.wechat.SessionKey;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import io.thirdsession.wechat.WeChatException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After data did not open, asks WeChat whether the session_key held here is still the user's, and
 * says so in the log: that tells a client that logs in at the wrong moment from one that sends
 * nonsense. At most once a minute a user; nobody waits for it. Thread-safe.
 */
public final class StaleKeyCheck {
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Duration ASKING = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(StaleKeyCheck.class);

  private final SessionKeyService keys;
  private final WeChatApps apps;
  private final WeChatClient weChat;
  private final FairExecutor database;
  private final Throttle asked = new Throttle(AGAIN);

  public StaleKeyCheck(
      SessionKeyService keys, WeChatApps apps, WeChatClient weChat, FairExecutor database) {
    this.keys = keys;
    this.apps = apps;
    this.weChat = weChat;
    this.database = database;
  }

  /** Asks, if it is time to; returns at once. */
  void ask(Caller caller) {
    Session session = caller.session();
    if (!asked.isDue(session.userId().toString())) {
      return;
    }
    try {
      database.of(session.appId(), session.openId()).execute(() -> askQuietly(caller));
    } catch (RejectedExecutionException e) {
      log.debug("too busy to ask WeChat about a session_key");
    }
  }

  private void askQuietly(Caller caller) {
    try {
      askNow(caller);
    } catch (StorageException e) {
      log.debug("the database is away, WeChat is not asked about a session_key", e);
    }
  }

  private void askNow(Caller caller) {
    Session session = caller.session();
    Optional<WeChatApp> app = apps.find(session.appId());
    Optional<OpenedKey> current = keys.currentKey(session.appId(), session.openId());
    if (app.isEmpty() || current.isEmpty()) {
      return;
    }
    SessionKey key = current.get().sessionKey();
    var unused =
        weChat
            .isSessionKeyCurrent(app.get(), session.openId(), key, Deadline.in(ASKING))
            .whenComplete((isCurrent, failure) -> say(caller, isCurrent, failure));
  }

  private static void say(Caller caller, Boolean isCurrent, Throwable failure) {
    if (failure != null) {
      log.info(
          "session_key not checked user={} request={} reason=\"{}\"",
          caller.userId(),
          caller.facts().loggedId(),
          WeChatException.of(failure).getMessage());
    } else {
      log.info(
          "session_key checked user={} current={} request={}",
          caller.userId(),
          isCurrent,
          caller.facts().loggedId());
    }
  }
}
