package io.thirdsession.audit;

import java.util.Optional;
import java.util.UUID;

/**
 * Whom an event concerns, and who brought it about.
 *
 * @param userId the user; empty where it is not known
 * @param appId in which app; empty for none
 * @param sid through which session
 * @param client id of the service client that did it; empty for the user
 */
public record Subject(Optional<UUID> userId, String appId, Optional<UUID> sid, String client) {
  /** Of whom nothing is known. */
  public static final Subject NOBODY = new Subject(Optional.empty(), "", Optional.empty(), "");

  /** A user in a session of theirs. */
  public static Subject of(UUID userId, String appId, UUID sid) {
    return new Subject(Optional.of(userId), appId, Optional.of(sid), "");
  }

  /** Somebody in this app. */
  public static Subject inApp(String appId) {
    return new Subject(Optional.empty(), appId, Optional.empty(), "");
  }

  /** A user whom a service client acts upon. */
  public static Subject by(String client, UUID userId) {
    return new Subject(Optional.of(userId), "", Optional.empty(), client);
  }

  /** The same user, in this app. */
  public Subject app(String appId) {
    return new Subject(userId, appId, sid, client);
  }

  /** The same user, with another session that the event is about. */
  public Subject session(UUID other) {
    return new Subject(userId, appId, Optional.of(other), client);
  }
}
