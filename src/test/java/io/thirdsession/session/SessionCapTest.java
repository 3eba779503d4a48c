package io.thirdsession.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.session.SessionDao.SessionOfUser;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.user.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionCapTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity ALICE = identity();

  private final SessionTokens tokens = new SessionTokens(TestKeys.ring("k1"), RANDOM);
  private final SessionCap cap =
      new SessionCap(new SessionLifetime(Duration.ofDays(7), Duration.ofDays(30)), tokens, 3);

  @Test
  void aLoginBelowTheCapEndsNothing() {
    assertEnds(Set.of(), List.of(used(1), used(2)), Optional.empty());
  }

  @Test
  void atTheCapTheLeastRecentlyUsedEnds() {
    SessionOfUser oldest = used(3);

    assertEnds(Set.of(oldest), List.of(used(1), oldest, used(2)), Optional.empty());
  }

  @Test
  void aboveALoweredCapSoManyEndThatTheNewOneFits() {
    SessionOfUser oldest = used(5);
    SessionOfUser older = used(4);
    SessionOfUser old = used(3);

    assertEnds(
        Set.of(oldest, older, old),
        List.of(used(1), oldest, used(2), old, older),
        Optional.empty());
  }

  @Test
  void deadSessionsEndAndLeaveTheirPlaceToLiveOnes() {
    SessionOfUser idle = used(7 * 24);
    SessionOfUser tooOld =
        session(ALICE, NOW.minus(Duration.ofDays(30)), NOW.minusSeconds(1), "login");

    assertEnds(Set.of(idle, tooOld), List.of(used(1), idle, used(2), tooOld), Optional.empty());
  }

  @Test
  void theSessionThatTheClientHadEndsThoughItWasUsedLast() {
    SessionToken token = tokens.mint(NOW.minusSeconds(60));
    SessionOfUser its = sessionOf(token, ALICE, ALICE.id());

    assertEnds(Set.of(its), List.of(used(1), used(2), its), Optional.of(token));
  }

  @Test
  void aTokenWithTheSidAndWithoutTheSecretEndsNothing() {
    SessionToken token = tokens.mint(NOW.minusSeconds(60));
    SessionOfUser anothers =
        new SessionOfUser(
            token.sid(),
            tokens.secretHash(tokens.mint(NOW), ALICE.userId(), ALICE.id()),
            ALICE.userId(),
            ALICE.id(),
            NOW.minusSeconds(1),
            "login");

    assertEnds(Set.of(), List.of(anothers), Optional.of(token));
  }

  @Test
  void aTokenWhoseSessionWasPointedAtAnotherUserOrIdentityEndsNothing() {
    SessionToken token = tokens.mint(NOW.minusSeconds(60));
    Identity bob = identity();

    assertEnds(Set.of(), List.of(sessionOf(token, bob, ALICE.id())), Optional.of(token));
    assertEnds(
        Set.of(),
        List.of(
            new SessionOfUser(
                token.sid(),
                tokens.secretHash(token, ALICE.userId(), bob.id()),
                ALICE.userId(),
                ALICE.id(),
                NOW.minusSeconds(1),
                "login")),
        Optional.of(token));
  }

  @Test
  void anOriginThatKeepsNoTokenEndsItsLastOneOfTheSameIdentityOnly() {
    SessionOfUser last = session(ALICE, NOW.minusSeconds(60), NOW.minusSeconds(60), "getOpenid");
    SessionOfUser inAnotherApp =
        session(identity(), NOW.minusSeconds(60), NOW.minusSeconds(60), "getOpenid");
    List<SessionOfUser> present = List.of(last, inAnotherApp);

    assertEquals(
        List.of(last.sid()),
        cap.toEnd(present, coming(SessionOrigin.GET_OPENID), Optional.empty(), NOW));
    assertEnds(Set.of(), present, Optional.empty());
  }

  /** By a login of POST /api/login. */
  private void assertEnds(
      Set<SessionOfUser> expected, List<SessionOfUser> present, Optional<SessionToken> replaced) {
    List<UUID> ended = cap.toEnd(present, coming(SessionOrigin.LOGIN), replaced, NOW);

    assertEquals(expected.size(), ended.size());
    assertEquals(Set.copyOf(expected.stream().map(SessionOfUser::sid).toList()), Set.copyOf(ended));
  }

  private NewSession coming(SessionOrigin origin) {
    return new NewSession(
        tokens.mint(NOW), NOW, ALICE, origin, "192.0.2.1", "{}", Optional.empty());
  }

  /** Returns the session that this token got as a session of this identity's user. */
  private SessionOfUser sessionOf(SessionToken token, Identity of, UUID identityId) {
    return new SessionOfUser(
        token.sid(),
        tokens.secretHash(token, of.userId(), of.id()),
        of.userId(),
        identityId,
        NOW.minusSeconds(1),
        "login");
  }

  /** Returns a session that was used so many hours ago. */
  private static SessionOfUser used(int hoursAgo) {
    Instant seen = NOW.minus(Duration.ofHours(hoursAgo));
    return session(ALICE, seen, seen, "login");
  }

  private static SessionOfUser session(
      Identity identity, Instant began, Instant seen, String origin) {
    byte[] hash = new byte[32];
    RANDOM.nextBytes(hash);
    return new SessionOfUser(
        Uuid7.next(began, RANDOM), Secret.of(hash), identity.userId(), identity.id(), seen, origin);
  }

  private static Identity identity() {
    return new Identity(
        Uuid7.next(NOW, RANDOM), Uuid7.next(NOW, RANDOM), "app", "openid", Optional.empty());
  }
}
