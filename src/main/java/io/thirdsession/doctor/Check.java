package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Looks at one group of things. Writes nothing, and spends nothing. Thread-safe. */
interface Check {
  /** Returns the name of what is said if nothing could be found out. */
  String name();

  /**
   * Returns what was found. Runs on a thread of the doctor's and may wait for the database on it; a
   * call to anybody else must hold none.
   *
   * @param asked the request that asks
   * @param deadline after which nobody listens; the future completes soon after it at the latest
   */
  CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline);
}
