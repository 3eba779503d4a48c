package io.thirdsession.backend;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.HeldIdentity;
import io.thirdsession.user.HeldKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What an operator's service does to a user. Thread-safe. */
public final class UserAdministration {
  private static final Duration CHANGE = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final UserService users;
  private final UserDirectory directory;
  private final SessionService sessions;
  private final SessionKeyService keys;
  private final WeChatApps apps;
  private final WeChatClient weChat;
  private final Executor databaseExecutor;
  private final Clock clock;

  /** Uses these parts. */
  public UserAdministration(
      Jdbc jdbc,
      UserService users,
      UserDirectory directory,
      SessionService sessions,
      SessionKeyService keys,
      WeChatApps apps,
      WeChatClient weChat,
      Executor databaseExecutor,
      Clock clock) {
    this.jdbc = jdbc;
    this.users = users;
    this.directory = directory;
    this.sessions = sessions;
    this.keys = keys;
    this.apps = apps;
    this.weChat = weChat;
    this.databaseExecutor = databaseExecutor;
    this.clock = clock;
  }

  /** Returns the user, if there is one of whom the caller may know. */
  Optional<DirectoryEntry> find(UUID userId, Predicate<String> mayKnow) {
    return directory.ofIds(List.of(userId), mayKnow).stream().findFirst();
  }

  /** Returns whether the user has an identity in an app of which the caller may not know. */
  boolean isForeignToo(DirectoryEntry user, Predicate<String> mayKnow) {
    return find(user.user().id(), app -> !mayKnow.test(app)).isPresent();
  }

  /** Lets the user log in no more, and ends every session of theirs at the same moment. */
  void disable(UUID userId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    jdbc.inTransaction(
        Deadline.in(CHANGE),
        transaction -> {
          boolean there = users.disable(transaction, userId, now); // locks out logins under way
          sessions.endAll(transaction, userId);
          return there;
        });
  }

  /** Lets the user log in again. */
  void enable(UUID userId) {
    users.enable(userId);
  }

  /** Ends every session of the user. */
  void endSessions(UUID userId) {
    sessions.endAll(userId, Optional.empty());
  }

  /** Ends one session of the user, and returns whether it was a live one of theirs. */
  boolean endSession(UUID userId, UUID sid) {
    return sessions.endOne(userId, sid);
  }

  /** Erases the user. */
  void erase(UUID userId) {
    users.erase(userId);
  }

  /**
   * Makes WeChat replace the session_key of each of these identities, and keeps the new ones.
   * Returns, for each, whether that was done: not if WeChat holds another key than we do already.
   *
   * @param onReset told of each as soon as its new key is kept, whatever becomes of the others
   */
  CompletableFuture<List<Map<String, Object>>> resetSessionKeys(
      List<HeldIdentity> identities, Consumer<HeldIdentity> onReset) {
    Deadline deadline = Deadline.in(CHANGE);
    CompletableFuture<List<Map<String, Object>>> done =
        CompletableFuture.completedFuture(new ArrayList<>());
    for (HeldIdentity identity : identities) {
      done =
          done.thenCompose(
              results ->
                  reset(identity, deadline, onReset)
                      .thenApply(
                          reset -> {
                            results.add(result(identity, reset));
                            return results;
                          }));
    }
    return done;
  }

  private CompletableFuture<Boolean> reset(
      HeldIdentity identity, Deadline deadline, Consumer<HeldIdentity> onReset) {
    Optional<WeChatApp> app = apps.find(identity.appId());
    Optional<HeldKey> current = keys.currentKey(identity.appId(), identity.openId());
    if (app.isEmpty() || current.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    Instant askedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return weChat
        .resetSessionKey(app.get(), identity.openId(), current.get().sessionKey(), deadline)
        .thenApplyAsync(
            anew -> {
              anew.ifPresent(
                  key -> {
                    keys.replace(identity.appId(), identity.openId(), key, askedAt);
                    onReset.accept(identity);
                  });
              return anew.isPresent();
            },
            databaseExecutor);
  }

  private static Map<String, Object> result(HeldIdentity identity, boolean reset) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("appid", identity.appId());
    result.put("openid", identity.openId());
    result.put("reset", reset);
    return result;
  }
}
