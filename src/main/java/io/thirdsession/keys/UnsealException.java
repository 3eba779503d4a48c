package io.thirdsession.keys;

/**
 * A sealed value does not open: it was changed, moved to another row, cut, or sealed under a master
 * key that is no longer configured. The message says which and holds nothing of the value.
 */
public final class UnsealException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsealException(String message) {
    super(message);
  }
}
