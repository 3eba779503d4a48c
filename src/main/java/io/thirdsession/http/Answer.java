package io.thirdsession.http;

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

  /** Not there yet. */
  record Later(CompletableFuture<? extends Answer> future) implements Answer {}
}
