package io.thirdsession.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.TestKeys;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokensTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private static final UUID USER = UUID.fromString("01a20387-0662-75fd-bdd7-59cd238c64f8");
  private static final UUID IDENTITY = UUID.fromString("01a20387-0662-75fd-bdd7-59cd238c64f9");

  private final SessionTokens tokens = new SessionTokens(TestKeys.ring("k1"), new SecureRandom());

  @Test
  void mints79CharactersThatItReadsAgain() {
    SessionToken minted = tokens.mint(NOW);

    assertTrue(minted.text().matches("3rd_[A-Za-z0-9_-]{75}"), "shape");
    SessionToken read = tokens.parse(minted.text()).orElseThrow();
    assertEquals(minted.sid(), read.sid());
    assertEquals(minted.secret(), read.secret());
    assertEquals("k1", read.keyId());
    assertEquals(NOW, Uuid7.time(read.sid()));
  }

  @Test
  void mintsNothingWhenThereIsNoRandomness() {
    SecureRandom broken =
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            throw new ProviderException("on purpose");
          }
        };

    assertThrows(
        ProviderException.class, () -> new SessionTokens(TestKeys.ring("k1"), broken).mint(NOW));
  }

  @Test
  void isMadeOfSidSecretAndTag() {
    SessionToken minted = tokens.mint(NOW);

    byte[] whole = Base64.getUrlDecoder().decode(minted.text().substring(4));

    assertEquals(56, whole.length);
    assertArrayEquals(Uuid7.bytes(minted.sid()), Arrays.copyOf(whole, 16));
    assertEquals(Secret.of(Arrays.copyOfRange(whole, 16, 48)), minted.secret());
  }

  /** Computed apart from this code: nodes of two builds must agree on it. */
  @Test
  void theDatabaseKeepsAnHmacOfSecretUserAndIdentity() {
    SessionToken token =
        tokens
            .parse(
                "3rd_AaICROgAev2pfUrelat1HgABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fDMgduA8UTSY")
            .orElseThrow();

    assertEquals(
        "8e841cd65c334193a1c73a9b6c1725b306037da61807a35277656d5706889357",
        HexFormat.of().formatHex(tokens.secretHash(token, USER, IDENTITY).bytes()));
  }

  @Test
  void whatIsKeptIsRightForOneTokenUserAndIdentityOnly() {
    SessionToken token = tokens.mint(NOW);
    Secret kept = tokens.secretHash(token, USER, IDENTITY);

    assertTrue(tokens.isOf(token, USER, IDENTITY, kept));
    assertFalse(tokens.isOf(tokens.mint(NOW), USER, IDENTITY, kept));
    assertFalse(tokens.isOf(token, IDENTITY, IDENTITY, kept));
    assertFalse(tokens.isOf(token, USER, USER, kept));
    assertFalse(tokens.isOf(token, IDENTITY, USER, kept));
    assertFalse(tokens.isOf(token, USER, IDENTITY, Secret.of(new byte[0])));
  }

  @Test
  void whatIsKeptStaysRightUntilTheKeyOfTheTagIsRetired() {
    SessionToken old = tokens.mint(NOW);
    Secret kept = tokens.secretHash(old, USER, IDENTITY);
    SessionTokens rotated = new SessionTokens(TestKeys.ring("k2", "k1"), new SecureRandom());
    SessionTokens retired = new SessionTokens(TestKeys.ring("k2"), new SecureRandom());

    assertTrue(rotated.isOf(rotated.parse(old.text()).orElseThrow(), USER, IDENTITY, kept));
    assertFalse(retired.parse(old.text()).isPresent());
    assertFalse(retired.isOf(old, USER, IDENTITY, kept), "retired while it was checked");
  }

  @Test
  void refusesAnyOneCharacterChangedToAnyOther() {
    String good = tokens.mint(NOW).text();

    for (int i = 0; i < good.length(); i++) {
      for (char c : ALPHABET.toCharArray()) {
        if (c != good.charAt(i)) {
          String changed = good.substring(0, i) + c + good.substring(i + 1);
          assertFalse(tokens.parse(changed).isPresent(), "position " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3rd_",
        "3rd_AAAA",
        "Bearer",
        "eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo",
      })
  void refusesWhatIsNoToken(String text) {
    assertTrue(tokens.parse(text).isEmpty());
  }

  @Test
  void refusesPaddingBlanksAndTheOtherBase64Alphabet() {
    String good = tokens.mint(NOW).text();

    assertTrue(tokens.parse(good + "=").isEmpty());
    assertTrue(tokens.parse(good + " ").isEmpty());
    assertTrue(tokens.parse(" " + good.substring(0, 78)).isEmpty());
    assertTrue(tokens.parse(good.substring(0, 78)).isEmpty());
    assertTrue(tokens.parse(good.substring(0, 78) + "+").isEmpty());
    assertTrue(tokens.parse("4th_" + good.substring(4)).isEmpty());
  }

  /** The service has no database here: asking one would end the test. */
  @Test
  void aMillionGuessesAreAllRefusedAndNoDatabaseIsAsked() {
    SessionLifetime lifetime = new SessionLifetime(Duration.ofDays(7), Duration.ofDays(30));
    SessionService sessions =
        new SessionService(
            null,
            tokens,
            null,
            lifetime,
            null,
            null,
            null,
            Clock.systemUTC(),
            new EndedSessions(new Metrics()));
    SplittableRandom random = new SplittableRandom();
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    byte[] whole = new byte[56];

    for (int i = 0; i < 1_000_000; i++) {
      random.nextBytes(whole);
      assertTrue(sessions.find("3rd_" + encoder.encodeToString(whole)).isEmpty());
    }
  }

  @Test
  void readsTokensOfEveryConfiguredMasterKeyAndNoOther() {
    String old = tokens.mint(NOW).text();

    assertTrue(
        new SessionTokens(TestKeys.ring("k2", "k1"), new SecureRandom()).parse(old).isPresent());
    assertTrue(new SessionTokens(TestKeys.ring("k2"), new SecureRandom()).parse(old).isEmpty());
  }

  @Test
  void neverMintsTheSameTwice() {
    Set<String> seen = new HashSet<>();

    for (int i = 0; i < 20_000; i++) {
      assertTrue(seen.add(tokens.mint(NOW).text()));
    }
  }

  @Test
  void printsWithoutItsSecret() {
    SessionToken minted = tokens.mint(NOW);

    assertEquals("SessionToken[sid=" + minted.sid() + "]", minted.toString());
  }
}
