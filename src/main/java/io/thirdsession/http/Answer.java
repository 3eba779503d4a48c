package io.thirdsession.http;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a servlet answers, before it is written. */
public sealed interface Answer {

  /** Returns the answer with this record, map or list as JSON, and status 200. */
  static Answer json(Object value) {
    return new Json(200, value);
  }

  /** Returns the answer with this record, map or list as JSON, and this status. */
  static Answer json(int status, Object value) {
    return new Json(status, value);
  }

  /** Returns the answer without a body: 204. */
  static Answer noContent() {
    return new NoContent();
  }

  /** Returns the answer with this text in UTF-8, of this media type, and status 200. */
  static Answer text(String mediaType, String text) {
    return new Text(mediaType, text);
  }

  /** Returns the answer that says all in its headers: status 200, no body. */
  static Answer headers(Map<String, String> values) {
    return new Headers(values);
  }

  /** Returns the answer with these bytes, which this address will never give others of. */
  static Answer immutable(String mediaType, byte[] bytes) {
    return new Immutable(mediaType, bytes);
  }

  /** Returns the answer that will be there when the future is; no thread waits for it. */
  static Answer later(CompletableFuture<? extends Answer> future) {
    return new Later(future);
  }

  /** A JSON body. */
  record Json(int status, Object value) implements Answer {}

  /** No body. */
  record NoContent() implements Answer {}

  /** A text. */
  record Text(String mediaType, String text) implements Answer {}

  /** Nothing but headers. */
  record Headers(Map<String, String> values) implements Answer {}

  /** Bytes that every cache may keep. */
  final class Immutable implements Answer {
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

  /** Not there yet. */
  record Later(CompletableFuture<? extends Answer> future) implements Answer {}
}
