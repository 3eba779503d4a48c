package io.thirdsession.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a service client may do. */
public enum Scope {
  /** Ask who a token's user is. */
  INTROSPECT,
  /** Look users up. */
  USERS,
  /**
   * Disable, enable, erase and import users, end their sessions, reset their session_keys, give
   * them ids.
   */
  MANAGE,
  /** See whole phone numbers. */
  PHONE,
  /** Fetch access_tokens. */
  TOKEN,
  /** Read the metrics of a node. */
  METRICS,
  /** Read what happened to users. */
  EVENTS;

  /** Returns the name in SERVICE_CLIENTS. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the scope of this name. */
  public static Optional<Scope> of(String label) {
    return Arrays.stream(values()).filter(scope -> scope.label().equals(label)).findFirst();
  }
}
