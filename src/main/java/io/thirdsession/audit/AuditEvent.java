package io.thirdsession.audit;

import java.util.Locale;

/** The events that are recorded. */
public enum AuditEvent {
  /** A session began. */
  LOGIN,
  /** A login that was refused, or failed. */
  LOGIN_FAILED,
  /** A user ended the session that they were in. */
  LOGOUT,
  /** A session was ended from another one, or by a service client. */
  SESSION_ENDED,
  /** A phone number was bound. */
  PHONE_BOUND,
  /** A phone number was unbound. */
  PHONE_UNBOUND,
  /** A user has taken something back in WeChat, and it was deleted. */
  CONSENT_REVOKED,
  /** Open data did not decrypt. */
  DECRYPT_FAILED,
  /** A session_key was quarantined after too many failures. */
  KEY_QUARANTINED,
  /** A session_key was replaced at WeChat by a service client. */
  KEY_RESET,
  /** A user exported everything that is stored about them. */
  EXPORTED,
  /** A user was erased. */
  ERASED,
  /** A user may no longer log in. */
  DISABLED,
  /** A user may log in again. */
  ENABLED,
  /** A service client gave a user another external id, or took it. */
  EXTERNAL_ID_CHANGED,
  /** A service client brought users along. */
  IMPORTED,
  /** A limit was hit; recorded once a minute for each IP address or user that hits it. */
  RATE_LIMITED,
  /** Somebody sent wrong credentials of a service client. */
  CLIENT_REFUSED;

  /**
   * Returns whether anybody can cause this event any number of times. Identical events by the same
   * actor are then logged and stored once a minute, with the number of those that were not.
   */
  boolean isRepeatable() {
    return this == LOGIN_FAILED || this == CLIENT_REFUSED || this == EXPORTED;
  }

  /** Returns the value in the database and in the log. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
