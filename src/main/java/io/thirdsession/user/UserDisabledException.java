package io.thirdsession.user;

/** Thrown if an operator has disabled the user; nothing was changed. */
public final class UserDisabledException extends RuntimeException {
  UserDisabledException() {
    super("the user is disabled", null, false, false);
  }
}
