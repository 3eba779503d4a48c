package io.thirdsession.user;

import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.RefusedValues;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.user.KnownIdentityDao.ChangedIdentity;
import io.thirdsession.user.KnownIdentityDao.KnownIdentity;
import io.thirdsession.user.SessionKeyDao.IdentityKeys;
import io.thirdsession.wechat.SessionKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens the session_keys stored for an identity, and limits failed tries so that nobody can use the
 * keys to guess. Thread-safe.
 */
public final class SessionKeyService {
  /** How long a key is quarantined after too many failures. */
  public static final Duration QUARANTINE = SealedKey.QUARANTINE;

  private static final String CURRENT = "key_sealed";
  private static final String PREVIOUS = "previous_key_sealed";

  private final Jdbc jdbc;
  private final SessionKeySealer sealer;
  private final Clock clock;
  private final RefusedValues refused = new RefusedValues();

  /** Makes a service that opens sealed keys with this key ring. */
  public SessionKeyService(Jdbc jdbc, KeyRing keys, Clock clock) {
    this.jdbc = jdbc;
    this.sealer = new SessionKeySealer(keys);
    this.clock = clock;
  }

  /**
   * Returns the keys of this identity in the order to try them; empty if the identity was erased or
   * no key can be opened.
   */
  public List<OpenedKey> keys(String appId, String openId) {
    Optional<IdentityKeys> found = new SessionKeyDao(jdbc).find(appId, openId);
    List<OpenedKey> keys = new ArrayList<>();
    if (found.isPresent()) {
      KeySlots slots = found.get().slots();
      opened(found.get(), CURRENT, slots.current(), false, appId, openId).ifPresent(keys::add);
      boolean graceOver = !slots.isPreviousInGrace(clock.instant());
      slots
          .previous()
          .flatMap(key -> opened(found.get(), PREVIOUS, key, graceOver, appId, openId))
          .ifPresent(keys::add);
    }
    return keys;
  }

  /**
   * Returns the key of the latest exchange; empty if the identity was erased or the key cannot be
   * opened.
   */
  public Optional<OpenedKey> currentKey(String appId, String openId) {
    return new SessionKeyDao(jdbc)
        .find(appId, openId)
        .flatMap(found -> opened(found, CURRENT, found.slots().current(), false, appId, openId));
  }

  /**
   * Returns whether this key may be tried now. A failure is counted before the try, so that
   * concurrent tries cannot exceed the limit; {@link #giveBack} takes it back. After five failures
   * the key is quarantined for an hour, in whichever slot it is. Trying it then takes no lock, so
   * continued guessing does not delay the user's logins.
   */
  public boolean reserveTry(OpenedKey key) {
    return !key.resting() && new SessionKeyDao(jdbc).reserve(key, clock.instant());
  }

  /**
   * Takes back the failure that {@link #reserveTry} counted, after a try that did not fail because
   * of this key.
   */
  public void giveBack(OpenedKey key) {
    new SessionKeyDao(jdbc).giveBack(key);
  }

  /**
   * Replaces the current key with one that WeChat issued outside a login; the current key becomes
   * the previous one. Does nothing if the identity was erased.
   *
   * @param exchangedAt when WeChat was asked
   */
  public void replace(String appId, String openId, SessionKey sessionKey, Instant exchangedAt) {
    SealedKey brought = sealer.seal(sessionKey, appId, openId, exchangedAt);
    jdbc.inTransaction(
        transaction -> {
          KnownIdentityDao identities = new KnownIdentityDao(transaction);
          Optional<KnownIdentity> found = identities.lock(appId, openId);
          found.ifPresent(
              known ->
                  identities.update(
                      List.of(
                          new ChangedIdentity(
                              known.identity(), known.mac(), slots(known, brought, sessionKey)))));
          return found;
        });
  }

  private KeySlots slots(KnownIdentity known, SealedKey brought, SessionKey sessionKey) {
    return known
        .keys()
        .map(
            keys ->
                keys.after(brought, stored -> sealer.isSame(stored, sessionKey), clock.instant()))
        .orElseGet(() -> KeySlots.first(brought));
  }

  private Optional<OpenedKey> opened(
      IdentityKeys identity,
      String column,
      SealedKey stored,
      boolean graceOver,
      String appId,
      String openId) {
    try {
      return Optional.of(
          new OpenedKey(
              sealer.open(stored, appId, openId),
              graceOver,
              stored.isResting(clock.instant()),
              identity.identityId(),
              stored.fingerprint()));
    } catch (UnsealException e) {
      refused.tell("identity", identity.identityId(), column, e);
      return Optional.empty();
    }
  }
}
