package io.thirdsession.audit;

import java.util.Locale;

/** What is written down. */
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
  /** Open data did not decrypt. */
  DECRYPT_FAILED,
  /** A session_key rests after too many failures. */
  KEY_QUARANTINED,
  /** A session_key was replaced at WeChat by a service client. */
  KEY_RESET,
  /** A user took along everything that is held of them. */
  EXPORTED,
  /** A user was erased. */
  ERASED,
  /** A user may no longer log in. */
  DISABLED,
  /** A user may log in again. */
  ENABLED,
  /** A limit was hit; once a minute for each that hits it. */
  RATE_LIMITED,
  /** Somebody showed credentials of a service client that are wrong. */
  CLIENT_REFUSED;

  /**
   * Returns whether anybody can bring it about without end: of the same by the same there is one
   * row a minute then. The log has every line.
   */
  boolean isRepeatable() {
    return this == LOGIN_FAILED || this == CLIENT_REFUSED || this == EXPORTED;
  }

  /** Returns the value in the database and in the log. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
