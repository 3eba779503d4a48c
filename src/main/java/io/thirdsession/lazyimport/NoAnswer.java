package io.thirdsession.lazyimport;

/** Nobody has said anything about the user. The message names neither them nor a secret. */
final class NoAnswer extends RuntimeException {
  private final Outcome outcome;

  NoAnswer(Outcome outcome, String message) {
    super(message, null, false, false); // where it was thrown tells nothing that outcome does not
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
