package io.thirdsession.json;

/** A text is not the JSON that was asked for. The message says why and never quotes the text. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JsonException(String message) {
    super(message);
  }
}
