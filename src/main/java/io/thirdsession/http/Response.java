package io.thirdsession.http;

import io.thirdsession.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A response before it is written. */
public sealed interface Response {

  /** Returns a response with this record as JSON, and status 200. */
  static Response json(Object value) {
    return new Json(200, value);
  }

  /** Returns a response with this record as JSON, and this status. */
  static Response json(int status, Object value) {
    return new Json(status, value);
  }

  /** Returns a response without a body: 204. */
  static Response noContent() {
    return new NoContent();
  }

  /** Returns a response with this text in UTF-8, of this media type, and status 200. */
  static Response text(String mediaType, String text) {
    return new Text(mediaType, text);
  }

  /** Returns a response that says everything in its headers: status 200, no body. */
  static Response headers(Map<String, String> values) {
    return new Headers(values);
  }

  /**
   * Returns a response with bytes that never change at this URL. Whoever has seen them may keep
   * them for a day; caches that others share may not, since they can be erased here.
   */
  static Response immutable(String mediaType, byte[] bytes) {
    return new Immutable(mediaType, bytes);
  }

  /**
   * Returns a response whose body is made while it is sent, of this media type in UTF-8, and status
   * 200.
   *
   * @param deadline when the body is cut off if the client has not taken it
   * @param chunks the body; closed when the response has ended
   */
  static Response stream(String mediaType, Duration deadline, Chunks chunks) {
    return new Streamed(mediaType, deadline, chunks);
  }

  /**
   * Returns a response that answers the lines of the request's body while they arrive, of this
   * media type in UTF-8, and status 200. The body must be one that is not collected.
   *
   * @param timer leaves a client that is silent
   * @param answers closed when the exchange has ended
   */
  static Response lines(String mediaType, Timer timer, LineAnswers answers) {
    return new Lines(mediaType, timer, answers);
  }

  /**
   * Returns a response that completes with the future, in less than 10 s; no thread waits for it.
   */
  static Response later(CompletableFuture<? extends Response> future) {
    return later(future, Duration.ZERO);
  }

  /**
   * Returns a response that completes with the future; no thread waits for it.
   *
   * @param more how much longer than usual it may take
   */
  static Response later(CompletableFuture<? extends Response> future, Duration more) {
    return new Later(future, more);
  }

  /** A JSON body; it may hold a token, which is for the client alone. */
  record Json(int status, Object value) implements Response {
    @Override
    public String toString() {
      return "Json[status=" + status + "]";
    }
  }

  /** No body. */
  record NoContent() implements Response {}

  /** Text in UTF-8. */
  record Text(String mediaType, String text) implements Response {}

  /** Nothing but headers. */
  record Headers(Map<String, String> values) implements Response {}

  /** Bytes that never change at their URL. */
  final class Immutable implements Response {
    private final String mediaType;
    private final byte[] bytes;

    private Immutable(String mediaType, byte[] bytes) {
      this.mediaType = mediaType;
      this.bytes = bytes.clone();
    }

    String mediaType() {
      return mediaType;
    }

    byte[] bytes() {
      return bytes.clone();
    }
  }

  /** A body that is made while it is sent. */
  record Streamed(String mediaType, Duration deadline, Chunks chunks) implements Response {}

  /** Answers to lines. */
  record Lines(String mediaType, Timer timer, LineAnswers answers) implements Response {}

  /** A response that is still to come. */
  record Later(CompletableFuture<? extends Response> future, Duration more) implements Response {}
}
