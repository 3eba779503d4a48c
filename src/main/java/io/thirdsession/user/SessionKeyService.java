package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.user.SessionKeyDao.IdentityKeys;
import io.thirdsession.wechat.SessionKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session_keys that are held for an identity, and the count of failures that keeps anybody from
 * guessing with them. Thread-safe.
 */
public final class SessionKeyService {
  private static final Logger log = LoggerFactory.getLogger(SessionKeyService.class);

  private static final Duration REPLACING = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final SessionKeySealer sealer;
  private final Clock clock;

  /** Opens sealed keys with this ring. */
  public SessionKeyService(Jdbc jdbc, KeyRing keys, Clock clock) {
    this.jdbc = jdbc;
    this.sealer = new SessionKeySealer(keys);
    this.clock = clock;
  }

  /** Returns the keys of this identity in the order to try them; empty if it was erased. */
  public List<HeldKey> keys(String appId, String openId) {
    Optional<IdentityKeys> found = new SessionKeyDao(jdbc).find(appId, openId);
    List<HeldKey> keys = new ArrayList<>();
    if (found.isPresent()) {
      KeySlots slots = found.get().slots();
      held(found.get(), slots.current(), false, appId, openId).ifPresent(keys::add);
      boolean graceOver = !slots.isPreviousInGrace(clock.instant());
      slots
          .previous()
          .flatMap(key -> held(found.get(), key, graceOver, appId, openId))
          .ifPresent(keys::add);
    }
    return keys;
  }

  /**
   * Returns the key of the latest exchange; empty if the identity was erased, or it does not open.
   */
  public Optional<HeldKey> currentKey(String appId, String openId) {
    return new SessionKeyDao(jdbc)
        .find(appId, openId)
        .flatMap(found -> held(found, found.slots().current(), false, appId, openId));
  }

  /**
   * Returns whether this key may be tried now. A failure is counted beforehand, so that tries at
   * once cannot outnumber what is left; {@link #giveBack} takes it off again. At five the key rests
   * for an hour, in whichever slot it stands: a try of it then locks nothing, so that whoever
   * guesses on holds up no login of the user.
   */
  public boolean reserveTry(HeldKey key) {
    return !key.resting() && new SessionKeyDao(jdbc).reserve(key, clock.instant());
  }

  /** Takes back a try that was no failure of this key. */
  public void giveBack(HeldKey key) {
    new SessionKeyDao(jdbc).giveBack(key);
  }

  /**
   * Puts a key that WeChat has given outside a login into the place of the current one, which
   * becomes the previous.
   *
   * @param exchangedAt when WeChat was asked
   */
  public void replace(String appId, String openId, SessionKey sessionKey, Instant exchangedAt) {
    jdbc.inTransaction(
        Deadline.in(REPLACING),
        transaction -> {
          IdentityDao identities = new IdentityDao(transaction);
          identities
              .lock(appId, openId)
              .ifPresent(
                  known ->
                      identities.update(
                          known.identity(),
                          known
                              .keys()
                              .after(
                                  sealer.seal(sessionKey, appId, openId, exchangedAt),
                                  stored -> sealer.isSame(stored, sessionKey),
                                  clock.instant().truncatedTo(ChronoUnit.MILLIS))));
          return true;
        });
  }

  private Optional<HeldKey> held(
      IdentityKeys identity, StoredKey stored, boolean graceOver, String appId, String openId) {
    try {
      return Optional.of(
          new HeldKey(
              sealer.open(stored, appId, openId),
              graceOver,
              stored.isResting(clock.instant()),
              identity.identityId(),
              stored.fingerprint()));
    } catch (UnsealException e) {
      log.warn("session_key does not open app={} reason=\"{}\"", appId, e.getMessage());
      return Optional.empty();
    }
  }
}
