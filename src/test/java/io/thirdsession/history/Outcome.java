package io.thirdsession.history;

/** What a client was told. */
enum Outcome {
  /** It was done. */
  DONE,
  /** The session was not good, so nothing was done. */
  REFUSED,
  /** Nothing certain: it may have been done, may be done later, or never. */
  UNKNOWN
}
