package io.thirdsession.user;

/** The user was disabled by an operator; nothing was changed. */
public final class UserDisabledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserDisabledException() {
    super("the user is disabled", null, false, false);
  }
}
