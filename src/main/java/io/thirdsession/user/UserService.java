package io.thirdsession.user;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Counter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;

/** Disables, enables and erases users, and gives them external ids. Thread-safe. */
public final class UserService {
  /** How often an erasure is tried if a login adds an identity each time. */
  private static final int MAX_TRIES = 5;

  private final Jdbc jdbc;
  private final IdentityMacs macs;
  private final AuditTrail audit;
  private final EventOutbox events;
  private final Counter endedSessions;

  /**
   * Keeps users in this database.
   *
   * @param endedSessions counts the sessions of erased users
   */
  public UserService(
      Jdbc jdbc, IdentityMacs macs, AuditTrail audit, EventOutbox events, Counter endedSessions) {
    this.jdbc = jdbc;
    this.macs = macs;
    this.audit = audit;
    this.events = events;
    this.endedSessions = endedSessions;
  }

  /** Returns the identities of a user, oldest first. */
  public List<IdentityView> identities(UUID userId) {
    return new IdentityDao(jdbc).ofUsers(List.of(userId), macs).getOrDefault(userId, List.of());
  }

  /**
   * Erases the user with every identity, key, link and session, in one transaction. A later login
   * with the same openid creates a new user; requests in progress no longer find the user. The
   * audit trail keeps the user's events, without IP addresses and devices.
   *
   * @param by who erases the user; recorded in the audit trail once it is done
   * @throws ApiException {@code storage_unavailable} if logins added an identity during all five
   *     tries
   */
  public void erase(UUID userId, Actor by) {
    erase(userId, by, transaction -> {});
  }

  /**
   * Erases the user in the same way.
   *
   * @param first done first in the transaction, while the user is there and locked
   */
  public void erase(UUID userId, Actor by, Consumer<Transaction> first) {
    OptionalInt sessions = OptionalInt.empty();
    for (int i = 0; i < MAX_TRIES && sessions.isEmpty(); i++) {
      sessions = jdbc.inTransaction(tx -> eraseIfLocked(tx, userId, first));
    }
    if (sessions.isEmpty()) {
      throw ApiException.of(
          ApiError.STORAGE_UNAVAILABLE, "another identity joined the user at every try to erase");
    }
    endedSessions.add(sessions.getAsInt());
    audit.blankRest(userId);
    audit.record(AuditEvent.ERASED, by, "");
  }

  /**
   * Returns how many sessions the user had; empty, having deleted nothing, if a login has added an
   * identity or link meanwhile: those rows must be locked first.
   */
  private OptionalInt eraseIfLocked(
      Transaction transaction, UUID userId, Consumer<Transaction> first) {
    ErasureDao rows = new ErasureDao(transaction);
    if (!rows.lock(userId)) {
      return OptionalInt.empty();
    }
    first.accept(transaction);
    int sessions = events.addErased(transaction, userId, () -> rows.delete(userId));
    audit.blank(transaction, userId);
    return OptionalInt.of(sessions);
  }

  /**
   * Disables the user, who can then no longer log in, inside this transaction; returns whether the
   * user exists.
   */
  public boolean disable(Transaction transaction, UUID userId, Instant now) {
    boolean there = new UserDao(transaction).disable(userId, now);
    events.add(transaction, EventType.USER_DISABLED, userId);
    return there;
  }

  /**
   * Gives the user this external id, or none; returns whether the user exists.
   *
   * @throws ApiException {@code conflict} if another user has it
   */
  public boolean setExternalId(UUID userId, Optional<String> externalId) {
    try {
      return new UserDao(jdbc).setExternalId(userId, externalId);
    } catch (StorageException.DuplicateKey e) {
      throw ApiException.of(ApiError.CONFLICT, "another user has this externalId", e)
          .saying("这个 externalId 已属于另一个用户", "Another user has this externalId");
    }
  }

  /** Lets the user log in again; returns whether the user exists. */
  public boolean enable(UUID userId) {
    return jdbc.inTransaction(
        transaction -> {
          boolean there = new UserDao(transaction).enable(userId);
          events.add(transaction, EventType.USER_ENABLED, userId);
          return there;
        });
  }
}
