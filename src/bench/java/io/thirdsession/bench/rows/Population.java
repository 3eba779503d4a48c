package io.thirdsession.bench.rows;

import io.thirdsession.Uuid7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The users of a database, by number, and the tokens that some of them hold: at most {@value
 * #MAX_TOKENS} users, spread evenly. For one thread at a time.
 */
public final class Population {
  private static final int MAX_TOKENS = 100_000;
  private static final long USER_SALT = 0x9E3779B97F4A7C15L;
  private static final long IDENTITY_SALT = 0xC2B2AE3D27D4EB4FL;
  private static final long RANDOM_BITS = 0x3FFF_FFFF_FFFF_FFFFL;

  private final Map<Integer, String> tokens = new HashMap<>();
  private final int stride;
  private final long firstMillis;
  private int users;

  /**
   * Begins without users.
   *
   * @param max how many there will be
   * @param firstMillis when the first of them logged in
   */
  Population(int max, long firstMillis) {
    this.stride = (max / MAX_TOKENS) | 1; // odd, so that both kinds hold tokens
    this.firstMillis = firstMillis;
  }

  /** Returns so many users, who hold no tokens yet; a server draws their ids. */
  public static Population ofUsers(int users) {
    Population population = new Population(users, 0);
    population.users(users);
    return population;
  }

  /** Returns whether each of those who hold tokens has got one. */
  public boolean isComplete() {
    return tokens.size() == (users + stride - 1) / stride;
  }

  /** Returns how many users there are; their numbers begin with 0. */
  public int users() {
    return users;
  }

  void users(int users) {
    this.users = users;
  }

  /** Remembers the token of this user's latest session, if it is one of those who hold one. */
  public void token(int user, String token) {
    if (user % stride == 0) {
      tokens.put(user, token);
    }
  }

  /** Returns the token that this user holds. */
  public @Nullable String token(int user) {
    return tokens.get(user);
  }

  /**
   * Returns the tokens of users with even numbers. They never log in: a login whose response comes
   * too late has replaced a token all the same.
   */
  public List<String> lastingTokens() {
    List<String> lasting = new ArrayList<>();
    tokens.forEach(
        (user, token) -> {
          if (user % 2 == 0) {
            lasting.add(token);
          }
        });
    return lasting;
  }

  /** Returns the number of a user who logs in: this, or the next if it is even. */
  public int loggingIn(int user) {
    return user | 1;
  }

  /** Returns the number of one of so many users, spread evenly, who log in and hold tokens. */
  public int loggingIn(int number, int few) {
    int holders = Math.max(1, users / stride / 2);
    int count = Math.min(few, holders);
    return stride * (2 * (number % count) * (holders / count) + 1);
  }

  UUID userId(int user) {
    return id(user, USER_SALT);
  }

  UUID identityId(int user) {
    return id(user, IDENTITY_SALT);
  }

  /** Ids in the order of the numbers, a millisecond apart, with bits that look random. */
  private UUID id(int user, long salt) {
    UUID least = Uuid7.least(Instant.ofEpochMilli(firstMillis + user));
    long mixed = (user + 1) * salt;
    mixed ^= mixed >>> 29;
    return new UUID(
        least.getMostSignificantBits() | 0x7000L, Long.MIN_VALUE | (mixed & RANDOM_BITS));
  }
}
