package io.thirdsession.user;

/** Thrown if a login would make a new user and must not; nothing was changed. */
public final class UnknownUserException extends RuntimeException {
  UnknownUserException() {
    super("the login would make a new user", null, false, false);
  }
}
