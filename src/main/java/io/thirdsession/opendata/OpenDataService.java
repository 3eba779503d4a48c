package io.thirdsession.opendata;

import static io.thirdsession.wechat.OpenDataException.Reason.MALFORMED;
import static io.thirdsession.wechat.OpenDataException.Reason.PREVIOUS_KEY_EXPIRED;
import static io.thirdsession.wechat.OpenDataException.Reason.QUARANTINED;
import static io.thirdsession.wechat.OpenDataException.Reason.STALE;
import static io.thirdsession.wechat.OpenDataException.Reason.WRONG_KEY;

import io.thirdsession.Deadline;
import io.thirdsession.Throttle;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.ClockCheck;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.user.OpenedKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.wechat.EncryptedData;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.OpenDataException;
import io.thirdsession.wechat.WeChatApps;
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
 * <p>Every failure has the same response, equally late: with one bit that told two failures apart,
 * anybody could make WeChat's key decrypt and encrypt what they like. Thread-safe.
 */
public final class OpenDataService {
  /**
   * From here, when all of the request has been read, to the response that it failed; longer than
   * any way to fail.
   */
  private static final Duration FAILURE = Duration.ofMillis(150);

  /** As long as a key rests, the same quarantine is not written down again. */
  private final Throttle quarantines = new Throttle(SessionKeyService.QUARANTINE);

  private final SessionKeyService keys;
  private final StaleKeyCheck staleKeys;
  private final AuditTrail audit;
  private final Timer timer;
  private final Clock clock;
  private final ClockCheck clocks;
  private final WeChatApps apps;
  private final Counters failures;
  private final Counter rests;

  public OpenDataService(
      SessionKeyService keys,
      StaleKeyCheck staleKeys,
      AuditTrail audit,
      Timer timer,
      Clock clock,
      ClockCheck clocks,
      WeChatApps apps,
      Metrics metrics) {
    this.keys = keys;
    this.staleKeys = staleKeys;
    this.audit = audit;
    this.timer = timer;
    this.clock = clock;
    this.clocks = clocks;
    this.apps = apps;
    this.failures =
        metrics.counters(
            "thirdsession_decrypt_failures_total",
            "encrypted data that could not be used",
            "app",
            "reason");
    this.rests =
        metrics.counter(
            "thirdsession_key_quarantines_total", "session_keys that rest after five failures");
  }

  /**
   * Returns what the reader makes of the data, checked to be of the caller's app and user, and
   * fresh. Fails with {@link ApiException} {@code decrypt_failed} if it is not, does not open, or
   * the reader throws {@link OpenDataException}: that counts as a failure of the key. Throws
   * nothing.
   *
   * <p>It does not limit how often: call {@link io.thirdsession.limit.RateLimits#takeOpenDataTry}
   * once a request beforehand.
   */
  public <T> CompletableFuture<T> decrypt(
      Caller caller, EncryptedFields fields, Function<OpenData, T> reader) {
    Deadline failure = Deadline.in(FAILURE);
    try {
      EncryptedData data = fields.data().orElseThrow(() -> new OpenDataException(MALFORMED));
      return CompletableFuture.completedFuture(open(caller, data, reader));
    } catch (OpenDataException e) {
      return failedBy(caller, e, failure);
    } catch (StorageException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Returns the failure that all failures look like; the reason is for the log. */
  public <T> CompletableFuture<T> failed(Caller caller, OpenDataException e) {
    return failedBy(caller, e, Deadline.in(FAILURE));
  }

  private <T> CompletableFuture<T> failedBy(Caller caller, OpenDataException e, Deadline failure) {
    String reason = e.reason().name().toLowerCase(Locale.ROOT);
    failures.of(apps.label(caller.session().appId()), reason).increment();
    audit.record(AuditEvent.DECRYPT_FAILED, caller, "reason=" + reason);
    CompletableFuture<T> later = new CompletableFuture<>();
    ApiException same = // but for the log
        ApiException.of(
            ApiError.DECRYPT_FAILED,
            e.reason() + " user=" + caller.userId() + " cure: " + e.reason().cure());
    timer.after(
        failure.leftAtMost(FAILURE),
        () -> {
          later.completeExceptionally(same);
          if (e.reason() == WRONG_KEY) {
            staleKeys.ask(caller);
          }
        });
    return later;
  }

  private <T> T open(Caller caller, EncryptedData data, Function<OpenData, T> reader) {
    List<OpenedKey> tried = new ArrayList<>();
    try {
      return openWithKeys(caller.session(), data, reader, tried);
    } catch (OpenDataException e) {
      if (!tried.isEmpty()) {
        auditQuarantine(caller);
      }
      throw e;
    }
  }

  /** Writes down the keys that rest since this failure. */
  private void auditQuarantine(Caller caller) {
    Session session = caller.session();
    keys.keys(session.appId(), session.openId()).stream()
        .filter(OpenedKey::resting)
        .filter(key -> quarantines.isDue(HexFormat.of().formatHex(key.fingerprint().bytes())))
        .forEach(
            key -> {
              rests.increment();
              audit.record(AuditEvent.KEY_QUARANTINED, caller, "");
            });
  }

  private <T> T openWithKeys(
      Session session, EncryptedData data, Function<OpenData, T> reader, List<OpenedKey> tried) {
    boolean quarantined = false;
    for (OpenedKey key : keys.keys(session.appId(), session.openId())) {
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
        if (e.reason() == STALE && !clocks.agrees()) {
          tried.forEach(keys::giveBack); // the data may be fresh, and our clock wrong
        }
        if (e.reason() != WRONG_KEY) {
          throw e; // this key has opened it, another will not
        }
      }
    }
    throw new OpenDataException(quarantined ? QUARANTINED : WRONG_KEY);
  }
}
