package io.thirdsession.opendata;

import static io.thirdsession.wechat.OpenDataException.Reason.PREVIOUS_KEY_EXPIRED;
import static io.thirdsession.wechat.OpenDataException.Reason.QUARANTINED;
import static io.thirdsession.wechat.OpenDataException.Reason.WRONG_KEY;

import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Notices;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.session.Session;
import io.thirdsession.user.HeldKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.wechat.EncryptedData;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.OpenDataException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Decrypts open data with the keys of the session's identity: the current one, then the one before
 * for 10 minutes after it was replaced, because WeChat may have encrypted before the latest login.
 *
 * <p>Every failure has the same answer, and has it equally late: with one bit that told two of them
 * apart, anybody could make WeChat's key decrypt and encrypt what they like. Thread-safe.
 */
public final class OpenDataService {
  /**
   * From here, when all of the request has been read, to the answer that it failed; longer than any
   * way to fail.
   */
  private static final Duration FAILURE = Duration.ofMillis(150);

  /** How long a key rests; within it the same quarantine is not written down again. */
  private static final Duration QUARANTINE = Duration.ofHours(1);

  private final Notices quarantines = new Notices(QUARANTINE);
  private final SessionKeyService keys;
  private final StaleKeyCheck staleKeys;
  private final RateLimits limits;
  private final AuditTrail audit;
  private final Timer timer;
  private final Clock clock;

  /** Uses these parts. */
  public OpenDataService(
      SessionKeyService keys,
      StaleKeyCheck staleKeys,
      RateLimits limits,
      AuditTrail audit,
      Timer timer,
      Clock clock) {
    this.keys = keys;
    this.staleKeys = staleKeys;
    this.limits = limits;
    this.audit = audit;
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * Returns what the reader makes of the data, checked to be of this session's app and user, and
   * fresh. Fails with {@link ApiException} {@code decrypt_failed} if it is not, does not open, or
   * the reader throws {@link OpenDataException}: that counts as a failure of the key. Throws
   * nothing.
   */
  public <T> CompletableFuture<T> decrypt(
      Session session, EncryptedFields fields, Function<OpenData, T> reader, RequestFacts facts) {
    try {
      takeTry(session, facts);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return decryptUncounted(session, fields, reader, facts);
  }

  /** Does the same for a request whose {@link #takeTry try} was taken already. */
  public <T> CompletableFuture<T> decryptUncounted(
      Session session, EncryptedFields fields, Function<OpenData, T> reader, RequestFacts facts) {
    Deadline failure = Deadline.in(FAILURE);
    try {
      return CompletableFuture.completedFuture(open(session, fields, reader, facts));
    } catch (OpenDataException e) {
      return failed(session, e, failure, facts);
    } catch (StorageException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Takes one of the tries that the address and the user have: of decrypting, and of the codes of
   * phone buttons.
   *
   * @throws ApiException {@code rate_limited} if there is none
   */
  public void takeTry(Session session, RequestFacts facts) {
    limits.takeOfAddress(Limit.DECRYPT, facts);
    limits.takeOfUser(Limit.DECRYPT_USER, session.userId().toString(), session.subject(), facts);
  }

  /** Returns the failure that all failures look like; the reason is for the log. */
  public <T> CompletableFuture<T> failed(Session session, OpenDataException e, RequestFacts facts) {
    return failed(session, e, Deadline.in(FAILURE), facts);
  }

  private <T> CompletableFuture<T> failed(
      Session session, OpenDataException e, Deadline failure, RequestFacts facts) {
    audit.record(
        AuditEvent.DECRYPT_FAILED,
        session.subject(),
        facts,
        "reason=" + e.reason().name().toLowerCase(Locale.ROOT));
    CompletableFuture<T> later = new CompletableFuture<>();
    ApiException same = // but for the log
        ApiException.of(
            ApiError.DECRYPT_FAILED,
            e.reason() + " user=" + session.userId() + " cure: " + e.reason().cure());
    timer.after(
        failure.leftAtMost(FAILURE),
        () -> {
          later.completeExceptionally(same);
          if (e.reason() == WRONG_KEY) {
            staleKeys.ask(session);
          }
        });
    return later;
  }

  private <T> T open(
      Session session, EncryptedFields fields, Function<OpenData, T> reader, RequestFacts facts) {
    EncryptedData data = EncryptedData.parse(fields.encryptedData(), fields.iv());
    List<HeldKey> tried = new ArrayList<>(); // (malformed data never get here: nothing is counted)
    try {
      return open(session, data, reader, tried);
    } catch (OpenDataException e) {
      if (!tried.isEmpty()) {
        auditQuarantine(session, facts);
      }
      throw e;
    }
  }

  /** Writes down the keys that rest since this failure. */
  private void auditQuarantine(Session session, RequestFacts facts) {
    keys.keys(session.appId(), session.openId()).stream()
        .filter(HeldKey::resting)
        .filter(key -> quarantines.isDue(HexFormat.of().formatHex(key.fingerprint().bytes())))
        .forEach(key -> audit.record(AuditEvent.KEY_QUARANTINED, session.subject(), facts, ""));
  }

  private <T> T open(
      Session session, EncryptedData data, Function<OpenData, T> reader, List<HeldKey> tried) {
    boolean quarantined = false;
    for (HeldKey key : keys.keys(session.appId(), session.openId())) {
      if (!keys.reserveTry(key)) {
        quarantined = true;
        continue;
      }
      tried.add(key);
      try {
        OpenData opened = data.decrypt(key.sessionKey());
        opened.check(session.appId(), session.openId(), clock.instant());
        T read = reader.apply(opened);
        tried.forEach(keys::giveBack);
        if (key.graceOver()) {
          throw new OpenDataException(PREVIOUS_KEY_EXPIRED);
        }
        return read;
      } catch (OpenDataException e) {
        if (e.reason() != WRONG_KEY) {
          throw e; // this key has opened it, another will not
        }
      }
    }
    throw new OpenDataException(quarantined ? QUARANTINED : WRONG_KEY);
  }
}
