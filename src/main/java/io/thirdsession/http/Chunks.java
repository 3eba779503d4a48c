package io.thirdsession.http;

import java.util.Optional;

/**
 * The body of a response that is made while it is sent. The next chunk is asked for when the client
 * has taken the last one, so that no more than one is held in memory.
 */
public interface Chunks extends AutoCloseable {
  /**
   * Returns the next chunk; empty after the last one. Called by one thread at a time, which is the
   * container's and may wait for the database.
   *
   * @throws RuntimeException if there is none to be had: the body then ends without it
   */
  Optional<byte[]> next();

  /** Releases what is held for this body. Called once, however the response ends. */
  @Override
  void close();
}
