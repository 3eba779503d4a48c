package io.thirdsession.keys;

/**
 * Thrown if a sealed value cannot be opened: it was changed, moved to another row, truncated, or
 * sealed under a master key that is no longer configured. The message says which, and contains
 * nothing of the value.
 */
public final class UnsealException extends RuntimeException {
  UnsealException(String message) {
    super(message);
  }
}
