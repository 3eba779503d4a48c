package io.thirdsession.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Known answers, and the same verdict as trying every order. */
class RegisterTest {
  private static final int SMALL_HISTORIES = 20_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final Register register = new Register("it");

  @Test
  void aReadOfTheLastWriteIsRight() {
    register.write("a", 0, 1);
    register.write("b", 2, 3);
    register.read("a", 1, 2);
    register.read("b", 4, 5);

    assertEquals(List.of(), register.check());
  }

  @Test
  void aReadBesideAWriteMaySeeEither() {
    register.write("a", 0, 1);
    register.write("b", 10, 20);
    register.read("b", 11, 12);
    register.read("a", 5, 13);

    assertEquals(List.of(), register.check());
  }

  @Test
  void aReadThatGoesBackIsWrong() {
    register.write("a", 0, 1);
    register.write("b", 10, 20);
    register.read("b", 11, 12);
    register.read("a", 13, 14);

    assertEquals(1, register.check().size());
  }

  @Test
  void anUnknownWriteMayTakeEffectMuchLater() {
    register.write("a", 0, NEVER);
    register.write("b", 10, 20);
    register.read("b", 21, 22);
    register.read("a", 30, 31);

    assertEquals(List.of(), register.check());
  }

  @Test
  void anUnknownWriteThatWasSeenStays() {
    register.write("a", 0, NEVER);
    register.write("b", 10, 20);
    register.read("a", 30, 31);
    register.read("b", 32, 33);

    assertEquals(1, register.check().size());
  }

  @Test
  void anUnknownWriteMayNeverTakeEffect() {
    register.write("a", 0, 1);
    register.write("b", 2, NEVER);
    register.read("a", 30, 31);

    assertEquals(List.of(), register.check());
  }

  @Test
  void aValueFromTheFutureIsWrong() {
    register.write("a", 10, 11);
    register.read("a", 5, 6);

    assertEquals(1, register.check().size());
  }

  @Test
  void theVerdictIsThatOfTryingEveryOrder() {
    Random random = new Random(1);
    int wrong = 0;
    for (int i = 0; i < SMALL_HISTORIES; i++) {
      List<Small> history = random(random);
      Register small = new Register("it");
      history.stream()
          .filter(its -> its.write)
          .forEach(its -> small.write(its.value, its.began, its.ended));
      history.stream()
          .filter(its -> !its.write)
          .forEach(its -> small.read(its.value, its.began, its.ended));

      boolean right = isPossible(history, "");

      assertEquals(right, small.check().isEmpty(), () -> history.toString());
      wrong += right ? 0 : 1;
    }
    assertTrue(wrong > SMALL_HISTORIES / 10 && wrong < SMALL_HISTORIES * 9 / 10, "wrong: " + wrong);
  }

  /** Up to three writes and three reads, with all moments different. */
  private static List<Small> random(Random random) {
    int writes = 1 + random.nextInt(3);
    int reads = 1 + random.nextInt(3);
    List<Long> moments = new ArrayList<>();
    for (long i = 0; i < 2L * (writes + reads); i++) {
      moments.add(i);
    }
    Collections.shuffle(moments, random);
    List<Small> history = new ArrayList<>();
    for (int i = 0; i < writes + reads; i++) {
      long one = moments.get(2 * i);
      long other = moments.get(2 * i + 1);
      boolean write = i < writes;
      int value = write ? i : random.nextInt(writes + 1) - 1;
      boolean unknown = write && random.nextInt(4) == 0;
      history.add(
          new Small(
              write,
              value < 0 ? "" : "v" + value,
              Math.min(one, other),
              unknown ? NEVER : Math.max(one, other)));
    }
    return history;
  }

  /** Returns whether there is an order in which every read sees the write before it. */
  private static boolean isPossible(List<Small> left, String value) {
    if (left.stream().allMatch(its -> its.ended == NEVER)) {
      return true; // unknown writes need not take effect
    }
    for (Small next : left) {
      boolean first = left.stream().noneMatch(its -> its.ended < next.began);
      if (first && (next.write || next.value.equals(value))) {
        List<Small> rest = new ArrayList<>(left);
        rest.remove(next);
        if (isPossible(rest, next.value)) {
          return true;
        }
      }
    }
    return false;
  }

  private record Small(boolean write, String value, long began, long ended) {}
}
