package io.thirdsession.audit;

import java.util.Optional;
import java.util.UUID;

/**
 * Whom an event concerns, and who brought it about.
 *
 * @param userId the user; empty if not known
 * @param appId the app in which it happened; empty if none
 * @param sid the session concerned; empty if none
 * @param client id of the service client that did it; empty if it was not one
 */
public record Subject(Optional<UUID> userId, String appId, Optional<UUID> sid, String client) {
  /** A subject about which nothing is known. */
  public static final Subject NOBODY = new Subject(Optional.empty(), "", Optional.empty(), "");

  /** Returns a user in their own session. */
  public static Subject of(UUID userId, String appId, UUID sid) {
    return new Subject(Optional.of(userId), appId, Optional.of(sid), "");
  }

  /** Returns a subject in this app whose user is not known yet. */
  public static Subject inApp(String appId) {
    return new Subject(Optional.empty(), appId, Optional.empty(), "");
  }

  /** Returns a service client that acts upon no user in particular. */
  public static Subject client(String client) {
    return new Subject(Optional.empty(), "", Optional.empty(), client);
  }

  /** Returns a user whom a service client acts upon. */
  public static Subject by(String client, UUID userId) {
    return new Subject(Optional.of(userId), "", Optional.empty(), client);
  }

  /** Returns the same subject, in this app. */
  public Subject app(String appId) {
    return new Subject(userId, appId, sid, client);
  }

  /** Returns the same subject, with another session that the event is about. */
  public Subject session(UUID other) {
    return new Subject(userId, appId, Optional.of(other), client);
  }
}
