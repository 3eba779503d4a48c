package io.thirdsession;

import java.util.concurrent.CompletionException;

/** Helpers for {@link java.util.concurrent.CompletableFuture}. */
public final class Futures {
  private Futures() {}

  /**
   * Returns the failure that futures have wrapped in {@code CompletionException}s; the given
   * failure itself if it is not wrapped.
   */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
