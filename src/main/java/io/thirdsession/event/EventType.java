package io.thirdsession.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens to users that other systems are told. Labels are a contract: add, never change. */
public enum EventType {
  /** Somebody is here for the first time, by a login or an import. */
  USER_CREATED,
  /** A user is gone, with everything that was known of them. */
  USER_ERASED,
  /** An operator locked a user out. */
  USER_DISABLED,
  /** An operator let a user in again. */
  USER_ENABLED,
  /** A user has a phone number, maybe another one than before. */
  PHONE_BOUND,
  /** A user has no phone number any more. */
  PHONE_UNBOUND,
  /** A user's name, picture or other words of theirs have changed. */
  PROFILE_CHANGED,
  /** Sessions were ended by their user or a service; not by another login or by their age. */
  SESSIONS_ENDED,
  /** A user has taken back at WeChat what they had allowed. */
  CONSENT_REVOKED;

  /** Returns the name for other systems: {@code user.created}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Returns the type of this name. */
  public static Optional<EventType> of(String label) {
    return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst();
  }
}
