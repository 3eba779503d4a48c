package io.thirdsession.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The body of one request: the bytes that are kept of it, and how much has come. Of one that is too
 * long, or for which there is no memory, nothing is kept. For one thread at a time.
 */
final class Body {
  private static final String ATTRIBUTE = Body.class.getName();

  /** This much needs no budget, so that nobody can keep logins out by filling it. */
  private static final int MAX_FREE = 1_024;

  private static final int SCRATCH_LENGTH = 4_096;
  private static final int UNKNOWN = -1;

  private final long length;
  private final BodyLimits limits;
  private final Budget budget;

  private byte[] buffer;
  private long taken;
  private long reserved;
  private boolean kept = true;
  private boolean ended;
  private boolean overloaded;

  /**
   * Will take this body.
   *
   * @param length of it, below 0 if the client does not say
   * @param budget of the bytes that are held in memory
   */
  Body(long length, BodyLimits limits, Budget budget) {
    this.length = Math.max(length, UNKNOWN);
    this.limits = limits;
    this.budget = budget;
    if (isTooLong()) {
      this.kept = false;
    }
    this.buffer = new byte[kept ? Math.min(MAX_FREE, longestKept()) : SCRATCH_LENGTH];
  }

  /** Returns the body of this request; empty if it has none. */
  static Optional<Body> of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Body body
        ? Optional.of(body)
        : Optional.empty();
  }

  /** Makes this the body of the request. */
  void attachTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Sets memory aside for the whole body at once, so that it cannot run out half-way. */
  void reserveAll() {
    if (kept && !reserve(longestKept())) {
      overload();
    }
  }

  /** Returns whether there is more to come that is worth waiting for. */
  boolean wantsMore() {
    boolean endless = length > limits.maxTaken() || (length == UNKNOWN && isTooLong());
    return !isWhole() && !endless;
  }

  /** Reads once, as much as is there. */
  void readSome(ServletInputStream in) throws IOException {
    if (kept && taken == buffer.length) {
      grow();
    }
    int offset = kept ? (int) taken : 0;
    int count = in.read(buffer, offset, buffer.length - offset);
    if (count >= 0) {
      taken += count;
    } else if (taken < length) {
      throw new EOFException("the body ended before its length");
    } else {
      ended = true;
    }
    if (isTooLong()) {
      discard();
    }
  }

  /** Returns whether all of the body is out of the connection, where another request may follow. */
  boolean isWhole() {
    return ended || taken == length;
  }

  /** Returns whether there is more of it than anybody reads. */
  boolean isTooLong() {
    return Math.max(length, taken) > limits.maxKept();
  }

  /** Returns whether there was no memory for it. */
  boolean isOverloaded() {
    return overloaded;
  }

  /** Returns the bytes that have come, not a copy of them; none if they are not kept. */
  byte[] bytes() {
    if (!kept) {
      return new byte[0];
    }
    return buffer.length == taken ? buffer : Arrays.copyOf(buffer, (int) taken);
  }

  BodyLimits limits() {
    return limits;
  }

  private void grow() {
    int doubled = (int) Math.min(2L * buffer.length, longestKept());
    if (doubled <= reserved || reserve(doubled - reserved)) {
      buffer = Arrays.copyOf(buffer, doubled);
    } else {
      overload();
    }
  }

  /** Returns how long the buffer may become: a length that was not announced may be passed by 1. */
  private int longestKept() {
    return length == UNKNOWN ? limits.maxKept() + 1 : (int) length;
  }

  private boolean reserve(long bytes) {
    boolean there = budget.take(bytes);
    reserved += there ? bytes : 0;
    return there;
  }

  private void overload() {
    overloaded = true;
    discard();
  }

  /** Forgets the bytes and gives back their memory; what still comes is read past. */
  void discard() {
    kept = false;
    if (buffer.length > SCRATCH_LENGTH) {
      buffer = new byte[SCRATCH_LENGTH];
    }
    budget.giveBack(reserved);
    reserved = 0;
  }
}
