package io.thirdsession.lazyimport;

import java.util.Locale;

/** How the question about a user ended. */
enum Outcome {
  /** They know the user. */
  KNOWN,
  /** They do not know the user. */
  UNKNOWN,
  /** There was no connection, or it broke. */
  UNREACHABLE,
  /** There was no whole response in time. */
  TIMEOUT,
  /** The status says nothing about the user. */
  STATUS,
  /** The response is no JSON object, or too long. */
  MALFORMED,
  /** The response is about somebody else. */
  OTHER_USER,
  /** The response describes no user whom an import would take. */
  INVALID,
  /** Most questions have been failing, or too many are open: none was put. */
  NOT_ASKED;

  /** Returns the value in metrics and in the log. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns whether the next question is likely to end like it. What is wrong with one user is not:
   * it must not keep the others from being asked about.
   */
  boolean isOfTheirSystem() {
    return this == UNREACHABLE || this == TIMEOUT || this == STATUS || this == MALFORMED;
  }
}
