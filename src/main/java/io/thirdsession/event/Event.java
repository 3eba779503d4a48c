package io.thirdsession.event;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Something that happened.
 *
 * @param seq its place; those of later events are greater
 * @param id the same whenever it is told
 * @param userId to whom; empty: to everybody
 * @param externalId the id that the company knew the user by then
 * @param appId through which app; empty if through none, or the user was erased since
 * @param apps the user's then; {@code *} stands for all
 * @param detail which sessions ended, what was revoked, where the phone is from; may be empty
 */
public record Event(
    long seq,
    UUID id,
    EventType type,
    Instant at,
    Optional<UUID> userId,
    Optional<String> externalId,
    String appId,
    Set<String> apps,
    String detail) {
  /** Stands for every app. */
  static final String ALL_APPS = "*";

  /** Returns it at this place. */
  Event at(long place) {
    return new Event(place, id, type, at, userId, externalId, appId, apps, detail);
  }

  /** Returns whether it concerns an app that these include. */
  boolean concerns(Predicate<String> mayKnow) {
    return apps.contains(ALL_APPS) || apps.stream().anyMatch(mayKnow);
  }

  /** Returns it as other systems are told, with its app only if they may know that. */
  public EventBody body(Predicate<String> mayKnow) {
    return new EventBody(
        seq,
        id,
        type.label(),
        at,
        userId,
        externalId,
        Optional.of(appId).filter(app -> !app.isEmpty() && mayKnow.test(app)),
        detail(EventType.SESSIONS_ENDED),
        detail(EventType.PHONE_BOUND),
        detail(EventType.CONSENT_REVOKED));
  }

  private Optional<String> detail(EventType of) {
    return Optional.of(detail).filter(text -> type == of && !text.isEmpty());
  }
}
