package io.thirdsession.user;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Disables, enables and erases users. Thread-safe. */
public final class UserService {
  /** How often an erasure is tried if a login adds an identity each time. */
  private static final int MAX_TRIES = 5;

  private final Jdbc jdbc;
  private final IdentityMacs macs;
  private final AuditTrail audit;

  public UserService(Jdbc jdbc, IdentityMacs macs, AuditTrail audit) {
    this.jdbc = jdbc;
    this.macs = macs;
    this.audit = audit;
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
    boolean erased = false;
    for (int i = 0; i < MAX_TRIES && !erased; i++) {
      erased = jdbc.inTransaction(tx -> eraseIfLocked(tx, userId));
    }
    if (!erased) {
      throw ApiException.of(
          ApiError.STORAGE_UNAVAILABLE, "another identity joined the user at every try to erase");
    }
    audit.blankRest(userId);
    audit.record(AuditEvent.ERASED, by, "");
  }

  /**
   * Returns false, having deleted nothing, if a login has added an identity or link meanwhile:
   * those rows must be locked first.
   */
  private boolean eraseIfLocked(Transaction transaction, UUID userId) {
    ErasureDao rows = new ErasureDao(transaction);
    if (!rows.lock(userId)) {
      return false;
    }
    rows.delete(userId);
    audit.blank(transaction, userId);
    return true;
  }

  /**
   * Disables the user, who can then no longer log in, inside this transaction; returns whether the
   * user exists.
   */
  public boolean disable(Transaction transaction, UUID userId, Instant now) {
    return new UserDao(transaction).disable(userId, now);
  }

  /** Lets the user log in again; returns whether the user exists. */
  public boolean enable(UUID userId) {
    return new UserDao(jdbc).enable(userId);
  }
}
