package io.thirdsession;

import java.util.concurrent.CompletionException;

/** What every user of {@link java.util.concurrent.CompletableFuture} needs. */
public final class Futures {
  private Futures() {}

  /** Returns what futures wrap when one fails because of another; the failure itself if none. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
