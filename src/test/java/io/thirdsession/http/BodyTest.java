package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
  private static final BodyLimits LIMITS = new BodyLimits(10_000, 50_000, Duration.ofSeconds(5));
  private static final int UNKNOWN = -1;

  private final Budget budget = new Budget(100_000);

  @ParameterizedTest
  @ValueSource(ints = {1, 1_023, 1_024, 1_025, 9_999, 10_000})
  void keepsABodyOfAnyLengthUpToTheLimit(int length) throws IOException {
    assertArrayEquals(sent(length), taken(length, length).bytes());
    assertArrayEquals(sent(length), taken(UNKNOWN, length).bytes());
  }

  @Test
  void readsPastABodyThatIsTooLongAndKeepsNoneOfIt() throws IOException {
    Body body = taken(10_001, 10_001);

    assertTrue(body.isTooLong());
    assertTrue(body.isWhole());
    assertEquals(0, body.bytes().length);
  }

  @Test
  void doesNotWaitForTheEndOfABodyThatMayHaveNone() throws IOException {
    assertFalse(new Body(50_001, LIMITS, budget).wantsMore());

    Body chunked = taken(UNKNOWN, 1_000_000);
    assertTrue(chunked.isTooLong());
    assertFalse(chunked.isWhole());
  }

  @Test
  void aBodyThatEndsBeforeItsLengthIsBroken() {
    assertThrows(EOFException.class, () -> taken(100, 99));
  }

  @Test
  void whatAllBodiesHoldTogetherIsBounded() throws IOException {
    List<Body> bodies = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      bodies.add(taken(10_000, 10_000));
    }

    assertTrue(taken(10_000, 10_000).isOverloaded());
    bodies.forEach(Body::discard);
    bodies.forEach(Body::discard); // gives back nothing twice
    for (int i = 0; i < 10; i++) {
      assertFalse(taken(10_000, 10_000).isOverloaded());
    }
    assertTrue(taken(10_000, 10_000).isOverloaded());
  }

  @Test
  void aShortBodyNeedsNothingOfWhatIsBounded() throws IOException {
    assertTrue(budget.take(100_000));

    assertArrayEquals(sent(1_024), taken(1_024, 1_024).bytes());
    assertTrue(taken(1_025, 1_025).isOverloaded());
    assertTrue(taken(1_025, 1_025).isWhole());
  }

  @Test
  void whatIsReservedAtOnceCannotRunOut() throws IOException {
    Body body = new Body(10_000, LIMITS, budget);
    body.reserveAll();
    assertTrue(budget.take(90_000));
    assertFalse(budget.take(1));

    take(body, 10_000);

    assertArrayEquals(sent(10_000), body.bytes());
  }

  private Body taken(long length, int sent) throws IOException {
    Body body = new Body(length, LIMITS, budget);
    take(body, sent);
    return body;
  }

  private static void take(Body body, int sent) throws IOException {
    ServletInputStream in = new Sent(sent(sent));
    while (body.wantsMore()) {
      body.readSome(in);
    }
  }

  private static byte[] sent(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  /** Comes in pieces. */
  private static final class Sent extends ServletInputStream {
    private final byte[] bytes;
    private int at;

    Sent(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      if (at == bytes.length) {
        return -1;
      }
      int count = Math.min(Math.min(length, 700), bytes.length - at);
      System.arraycopy(bytes, at, to, offset, count);
      at += count;
      return count;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isFinished() {
      return at == bytes.length;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
