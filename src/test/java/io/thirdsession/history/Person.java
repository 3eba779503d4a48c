package io.thirdsession.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A user as the clients know them, with every token they were given. Thread-safe. */
final class Person {
  /** A run allows its users more sessions than that: none ends because there are too many. */
  private static final int MAX_LOGINS = 90;

  /** How often a token that has ended is used. */
  private static final int ENDED = 5;

  private static final int RECENT = 6;

  private final String openId;
  private final List<String> tokens = new ArrayList<>(); // guarded by this, as is all below
  private final List<String> live = new ArrayList<>();
  private int logins;
  private int writes;
  private String code = "";

  Person(String openId) {
    this.openId = openId;
  }

  String openId() {
    return openId;
  }

  /** Counts a login that is about to be asked for; returns whether it is one too many. */
  synchronized boolean isTired() {
    return ++logins > MAX_LOGINS;
  }

  /** Learns what this operation tells of the person's tokens. */
  synchronized void learn(Operation told) {
    if (told.deed() == Deed.LOGIN) {
      if (told.isDone() && !tokens.contains(told.token())) {
        tokens.add(told.token());
        live.add(told.token());
      }
    } else if (told.isRefused() || told.deed() == Deed.LOGOUT) {
      live.remove(told.token());
    } else if (told.deed() == Deed.ERASE || told.deed() == Deed.END_ALL) {
      live.clear();
    }
  }

  /** Returns every token, in the order in which they were given. */
  synchronized List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** Returns a token that may be good, now and then one of the latest that are not; or none. */
  synchronized Optional<String> token(Random random) {
    List<String> some = random.nextInt(ENDED) == 0 ? tokens : live;
    if (some.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(some.get(some.size() - 1 - random.nextInt(Math.min(RECENT, some.size()))));
  }

  /** Returns a number that this person has never written. */
  synchronized int next() {
    return ++writes;
  }

  /** Returns the latest code; empty if there was none yet. */
  synchronized String code() {
    return code;
  }

  synchronized void code(String latest) {
    code = latest;
  }
}
