package io.thirdsession.lazyimport;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Futures;
import io.thirdsession.Throttle;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.lazyimport.FormerSystem.Asked;
import io.thirdsession.user.ImportResult;
import io.thirdsession.user.ImportResult.Status;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.user.UserImport;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings users along one by one: whoever logs in here for the first time is looked up in the
 * operator's system, and what that says is imported before the login is recorded. Thread-safe.
 */
public final class LazyImport {
  private static final Logger log = LoggerFactory.getLogger(LazyImport.class);

  /** Left for the database and the response once the question has ended. */
  private static final Duration AFTER_ANSWER = Duration.ofMillis(500);

  private final FormerSystem system;
  private final boolean required;
  private final UserImport users;
  private final FairExecutor threads;
  private final AuditTrail audit;
  private final Throttle told = new Throttle(Duration.ofMinutes(1));

  /** The users who are being brought along: two logins of one at a moment are one question. */
  private final ConcurrentMap<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  /**
   * Makes an import that writes on these threads.
   *
   * @param required whether nobody may log in about whom the system says nothing
   */
  public LazyImport(
      FormerSystem system,
      boolean required,
      UserImport users,
      FairExecutor threads,
      AuditTrail audit) {
    this.system = system;
    this.required = required;
    this.users = users;
    this.threads = threads;
    this.audit = audit;
  }

  /** Returns whether there is a system to ask. */
  public boolean isOn() {
    return system.isThere();
  }

  /**
   * Looks up a user who is not known here, and imports them if they are known there.
   *
   * @param unionId if WeChat told one
   * @return completes when the login may go on; fails with {@code import_unreachable} if it may
   *     not, and as {@link UserImport#write(ImportedUser, Deadline)} does
   */
  public CompletableFuture<Void> bring(
      String appId,
      String openId,
      Optional<String> unionId,
      RequestFacts facts,
      Deadline deadline) {
    String identity = appId + " " + openId;
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> first = underWay.putIfAbsent(identity, mine);
    if (first != null) {
      return first.copy();
    }
    var unused =
        system
            .find(new Asked(appId, openId, unionId), deadline.earlier(AFTER_ANSWER))
            .exceptionally(this::withoutAnswer)
            .thenCompose(
                found ->
                    found.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.runAsync(
                            () -> write(found.get(), facts, deadline), threads.of(identity)))
            .whenComplete(
                (done, failure) -> {
                  underWay.remove(identity, mine);
                  if (failure == null) {
                    mine.complete(null);
                  } else {
                    mine.completeExceptionally(Futures.cause(failure));
                  }
                });
    return mine.copy();
  }

  private Optional<ImportedUser> withoutAnswer(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    String outcome = cause instanceof NoAnswer no ? no.outcome().label() : "failed";
    String reason = cause instanceof NoAnswer ? cause.getMessage() : cause.getClass().getName();
    told.due(outcome)
        .ifPresent(
            more ->
                log.warn(
                    "IMPORT_URL said nothing about a new user outcome={} reason=\"{}\" login={}{}",
                    outcome,
                    reason,
                    required ? "refused" : "goes_on",
                    more == 0 ? "" : " more=" + more));
    if (required) {
      throw ApiException.of(ApiError.IMPORT_UNREACHABLE, "IMPORT_URL: " + outcome + " " + reason);
    }
    return Optional.empty();
  }

  /** An external id that somebody has stays theirs, and keeps nobody from logging in. */
  private void write(ImportedUser user, RequestFacts facts, Deadline deadline) {
    ImportResult result = users.write(user, deadline);
    boolean taken = result.error().equals(Optional.of(ApiError.CONFLICT));
    if (taken) {
      result = users.write(user.withoutExternalId(), deadline);
    }
    if (taken || result.status() == Status.CREATED || result.status() == Status.UPDATED) {
      audit.record(
          AuditEvent.IMPORTED,
          Actor.of(new Subject(result.userId(), user.appId(), Optional.empty(), ""), facts),
          "state=login " + result.status().label() + "=1" + (taken ? " taken=externalId" : ""));
    }
  }
}
