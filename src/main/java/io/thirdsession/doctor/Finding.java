package io.thirdsession.doctor;

import io.thirdsession.http.Message;
import java.util.Locale;
import java.util.Optional;

/**
 * What a check found about one thing.
 *
 * @param name of what was looked at; the documentation lists them
 * @param message what was found, without anything secret
 * @param cure what the operator can do; empty for what is right
 */
record Finding(String name, Status status, Message message, Optional<Message> cure) {

  /** Returns that this is right. */
  static Finding ok(String name, Message message) {
    return new Finding(name, Status.OK, message, Optional.empty());
  }

  /** Returns that this works, or could not be looked at, and should not stay so. */
  static Finding warning(String name, Message message, Message cure) {
    return new Finding(name, Status.WARNING, message, Optional.of(cure));
  }

  /** Returns that this is broken. */
  static Finding failed(String name, Message message, Message cure) {
    return new Finding(name, Status.FAILED, message, Optional.of(cure));
  }

  /** How bad it is. */
  enum Status {
    OK,
    WARNING,
    FAILED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
