package io.thirdsession.bench.load;

/** What clients send, and what they make of the responses. Used by one thread. */
public interface Workload {
  /** Returns the next request. */
  Request next();

  /** Returns the status that every response should have. */
  int status();

  /** Takes note of a response to this request that had the right status. */
  default void answered(Request request, Response response) {}
}
