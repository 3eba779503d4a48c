package io.thirdsession.backend;

import io.thirdsession.audit.AuditedEvent;
import io.thirdsession.audit.EventPage;
import io.thirdsession.session.DeviceSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A user's sessions and events as shown to back ends, with the field names of WeChat's servers. */
final class BackendHistory {
  private BackendHistory() {}

  /** Live sessions, latest used first. */
  record Sessions(List<UserSession> sessions) {
    static Sessions of(List<DeviceSession> sessions) {
      return new Sessions(sessions.stream().map(UserSession::of).toList());
    }
  }

  /** A session; nothing of the token is in it. */
  record UserSession(
      UUID sid,
      String appid,
      Object device,
      String address,
      String origin,
      Instant createdAt,
      Instant lastSeenAt,
      Instant expiresAt) {
    private static UserSession of(DeviceSession session) {
      return new UserSession(
          session.sid(),
          session.appId(),
          session.device(),
          session.address(),
          session.origin(),
          session.createdAt(),
          session.lastSeenAt(),
          session.expiresAt());
    }
  }

  /** A page of events, latest first. */
  record Events(List<UserEvent> events, Optional<UUID> next) {
    static Events of(EventPage page) {
      return new Events(page.events().stream().map(UserEvent::of).toList(), page.next());
    }
  }

  /** An event; no value is empty for want of permission. */
  record UserEvent(
      Instant at,
      String event,
      String appid,
      @Nullable UUID sid,
      String client,
      String address,
      String device,
      String requestId,
      String detail) {
    private static UserEvent of(AuditedEvent event) {
      return new UserEvent(
          event.at(),
          event.event(),
          event.appId(),
          event.sid(),
          event.client(),
          event.address(),
          event.device(),
          event.requestId(),
          event.detail());
    }
  }
}
