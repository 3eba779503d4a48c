package io.thirdsession.session;

import java.util.Locale;

/** Why sessions end before their time. */
public enum SessionEnd {
  /** The client logged out. */
  LOGOUT,
  /** One was ended, by its user from another device or by a service client. */
  ONE,
  /** The user ended all others. */
  OTHERS,
  /** The user ended all. */
  ALL,
  /** A service client ended all of a user. */
  SERVICE_CLIENT,
  /** A service client ended everybody's. */
  EVERYBODY,
  /** The user was disabled. */
  DISABLED,
  /** The user was erased. */
  ERASED,
  /** The user's phone number became another one. */
  PHONE_BOUND,
  /** The user's phone number was taken away. */
  PHONE_UNBOUND,
  /** A login replaced them, found them dead, or needed room below the cap. */
  LOGIN;

  /** Returns the name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
