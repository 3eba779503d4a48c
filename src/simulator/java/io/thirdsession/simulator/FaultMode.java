package io.thirdsession.simulator;

/** The ways in which WeChat's side can have a bad day. */
public enum FaultMode {
  /** None; with a delay: slow. */
  OK,
  /** Nothing listens on WeChat's port: whoever connects is refused, on all paths. */
  REFUSE,
  /** Takes the call, does not act on it, and never answers. */
  HANG,
  /** Acts on the call, sends the head, then one byte of the body every half second. */
  DRIP,
  /** Does not act on the call and resets the connection (a TCP RST) without a byte. */
  RESET,
  /** Acts on the call, announces the whole body, sends half of it and closes. */
  TRUNCATE,
  /** Answers with another HTTP status (500 unless given) and a page in HTML. */
  STATUS,
  /** Answers 200 with something that is not JSON. */
  GARBAGE,
  /** Answers errcode -1. */
  BUSY,
  /** Answers a given errcode. */
  ERRCODE,
  /** Answers 302, to a path of this simulator that {@code calls()} would show. */
  REDIRECT,
  /** Acts on the call and makes the answer more than 16 KiB long; it is still correct JSON. */
  HUGE,
  /** Answers with exactly the given body. */
  RAW
}
