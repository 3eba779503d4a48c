package io.thirdsession.json;

/** A document is not the JSON that was asked for. The message says why and never quotes it. */
public final class JsonException extends RuntimeException {
  JsonException(String message) {
    super(message);
  }
}
