package io.thirdsession.backend;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.EventPage;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.session.DeviceSession;
import io.thirdsession.session.EndedSessions;
import io.thirdsession.session.SessionEnd;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.IdentityView;
import io.thirdsession.user.OpenedKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Performs what an operator's service does to a user, and records it in the audit trail once it is
 * done. Thread-safe.
 */
public final class UserAdministration {
  /** The time in which WeChat must replace every session_key of a user. */
  private static final Duration RESETTING = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final UserService users;
  private final UserDirectory directory;
  private final SessionService sessions;
  private final EndedSessions endedSessions;
  private final SessionKeyService keys;
  private final WeChatApps apps;
  private final WeChatClient weChat;
  private final AuditTrail audit;
  private final FairExecutor database;
  private final Clock clock;

  public UserAdministration(
      Jdbc jdbc,
      UserService users,
      UserDirectory directory,
      SessionService sessions,
      EndedSessions endedSessions,
      SessionKeyService keys,
      WeChatApps apps,
      WeChatClient weChat,
      AuditTrail audit,
      FairExecutor database,
      Clock clock) {
    this.jdbc = jdbc;
    this.users = users;
    this.directory = directory;
    this.sessions = sessions;
    this.endedSessions = endedSessions;
    this.keys = keys;
    this.apps = apps;
    this.weChat = weChat;
    this.audit = audit;
    this.database = database;
    this.clock = clock;
  }

  /** Returns the user; empty if there is none or the caller may not see them. */
  Optional<DirectoryEntry> find(UUID userId, Predicate<String> mayKnow) {
    return directory.ofIds(List.of(userId), mayKnow).stream().findFirst();
  }

  /** Returns whether the user has an identity in an app that the caller may not see. */
  boolean isForeignToo(DirectoryEntry user, Predicate<String> mayKnow) {
    return find(user.user().id(), app -> !mayKnow.test(app)).isPresent();
  }

  /** Returns the user's live sessions in apps that the caller may see, latest used first. */
  List<DeviceSession> sessions(UUID userId, Predicate<String> mayKnow) {
    return sessions.ofUser(userId).stream()
        .filter(session -> mayKnow.test(session.appId()))
        .toList();
  }

  /**
   * Returns a page of what the audit trail has of the user, latest first.
   *
   * @param before where it begins, as the page before it said; empty for the latest events
   */
  EventPage events(UUID userId, Optional<UUID> before, int max) {
    return audit.ofUser(userId, before, max);
  }

  /**
   * Disables the user, who can then no longer log in, and ends all of the user's sessions in the
   * same transaction.
   */
  void disable(UUID userId, Actor by) {
    Instant now = clock.instant();
    int ended =
        jdbc.inTransaction(
            transaction -> {
              users.disable(transaction, userId, now); // locks out logins under way
              return sessions.endAll(transaction, userId);
            });
    endedSessions.of(SessionEnd.DISABLED).add(ended);
    audit.record(AuditEvent.DISABLED, by, "");
  }

  /** Lets the user log in again. */
  void enable(UUID userId, Actor by) {
    users.enable(userId);
    audit.record(AuditEvent.ENABLED, by, "");
  }

  /**
   * Gives the user this external id, or none.
   *
   * @throws ApiException {@code conflict} if another user has it, {@code not_found} if the user was
   *     erased meanwhile
   */
  void setExternalId(UUID userId, Optional<String> externalId, Actor by) {
    if (!users.setExternalId(userId, externalId)) {
      throw ApiException.of(ApiError.NOT_FOUND, "no such user");
    }
    audit.record(
        AuditEvent.EXTERNAL_ID_CHANGED, by, "state=" + (externalId.isEmpty() ? "none" : "given"));
  }

  /** Ends every session of the user. */
  void endSessions(UUID userId, Actor by) {
    endedSessions
        .of(SessionEnd.SERVICE_CLIENT)
        .add(jdbc.inTransaction(transaction -> sessions.endAll(transaction, userId)));
    audit.record(AuditEvent.SESSION_ENDED, by, "which=all");
  }

  /** Ends one session of the user, and returns whether it was a live session of this user. */
  boolean endSession(UUID userId, UUID sid, Actor by) {
    return sessions.endOne(userId, sid, by);
  }

  /** Erases the user. */
  void erase(UUID userId, Actor by) {
    users.erase(userId, by);
  }

  /**
   * Makes WeChat replace the session_key of each of these identities, and stores the new ones.
   * Returns, for each identity, whether that was done; it is not if WeChat already has a different
   * key from ours. Each reset is recorded as soon as its new key is stored, whether or not the
   * others succeed.
   */
  CompletableFuture<List<KeyReset>> resetSessionKeys(List<IdentityView> identities, Actor by) {
    Deadline deadline = Deadline.in(RESETTING);
    CompletableFuture<List<KeyReset>> done = CompletableFuture.completedFuture(new ArrayList<>());
    for (IdentityView identity : identities) {
      done =
          done.thenCompose(
              results ->
                  reset(identity, deadline, by)
                      .thenApply(
                          reset -> {
                            results.add(new KeyReset(identity.appId(), identity.openId(), reset));
                            return results;
                          }));
    }
    return done;
  }

  private CompletableFuture<Boolean> reset(IdentityView identity, Deadline deadline, Actor by) {
    Optional<WeChatApp> app = apps.find(identity.appId());
    Optional<OpenedKey> current = keys.currentKey(identity.appId(), identity.openId());
    if (app.isEmpty() || current.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    Instant askedAt = clock.instant();
    return weChat
        .resetSessionKey(app.get(), identity.openId(), current.get().sessionKey(), deadline)
        .thenApplyAsync(
            replaced -> {
              replaced.ifPresent(
                  key -> {
                    keys.replace(identity.appId(), identity.openId(), key, askedAt);
                    audit.record(
                        AuditEvent.KEY_RESET, by.with(by.subject().app(identity.appId())), "");
                  });
              return replaced.isPresent();
            },
            database.of(identity.appId(), identity.openId()));
  }

  /**
   * The result for the session_key of one identity.
   *
   * @param reset whether a new one is stored
   */
  record KeyReset(String appid, String openid, boolean reset) {}
}
