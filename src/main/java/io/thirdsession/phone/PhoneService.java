package io.thirdsession.phone;

import static io.thirdsession.wechat.OpenDataException.Reason.NOT_OF_WECHAT;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.phonebook.PhoneSource;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.OpenDataException;
import io.thirdsession.wechat.PhoneNumber;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import io.thirdsession.wechat.WeChatException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds phone numbers to users. No thread and no connection is held while WeChat thinks.
 * Thread-safe.
 */
public final class PhoneService {
  /** What the code of a phone button looks like: 64 hex digits today. */
  public static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** From the arrival of a request to its response. */
  public static final Duration BINDING = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(PhoneService.class);

  private final WeChatClient weChat;
  private final WeChatApps apps;
  private final OpenDataService openData;
  private final RateLimits limits;
  private final PhoneBinding binding;
  private final PhoneSettings settings;
  private final Timer timer;
  private final FairExecutor database;
  private final Counters codes;

  public PhoneService(
      WeChatClient weChat,
      WeChatApps apps,
      OpenDataService openData,
      RateLimits limits,
      PhoneBinding binding,
      PhoneSettings settings,
      Timer timer,
      FairExecutor database,
      Metrics metrics) {
    this.weChat = weChat;
    this.apps = apps;
    this.openData = openData;
    this.limits = limits;
    this.binding = binding;
    this.settings = settings;
    this.timer = timer;
    this.database = database;
    this.codes =
        metrics.counters(
            "thirdsession_phone_codes_total",
            "codes of phone buttons; WeChat charges for success and lost",
            "app",
            "outcome");
  }

  /**
   * Binds the number of this event to the session's user and returns it. If they had another
   * number, their other sessions end with it. The code is tried first; the encrypted data only if
   * WeChat could not be asked about the code, never after a time-out: then it may be spent, and
   * what has become of it is not known. The future ends with the deadline.
   */
  public CompletableFuture<PhoneNumber> bind(Caller caller, PhoneEvent event, Deadline deadline) {
    try {
      requireTaken(event);
      limits.takeOpenDataTry(caller);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return timer.within(
        deadline.leftAtMost(BINDING),
        bindWhatIsThere(caller, event, deadline),
        () ->
            ApiException.of(
                event.code().isPresent() ? ApiError.WECHAT_TIMEOUT : ApiError.STORAGE_UNAVAILABLE,
                "the deadline passed while a phone was bound"));
  }

  /**
   * Throws unless there is something in this event that is accepted.
   *
   * @throws ApiException {@code invalid_request} if it has no code, and PHONE_ENCRYPTED is off
   */
  public void requireTaken(PhoneEvent event) {
    if (event.code().isEmpty() && settings.encrypted() == EncryptedPhone.OFF) {
      throw ApiException.invalid(
              "encryptedData", "is not taken (PHONE_ENCRYPTED=off): send the code")
          .saying("请升级微信后重新点击", "Update WeChat, then tap again"); // new ones give a code
    }
  }

  private CompletableFuture<PhoneNumber> bindWhatIsThere(
      Caller caller, PhoneEvent event, Deadline deadline) {
    Optional<EncryptedFields> encrypted =
        event.encrypted().filter(fields -> settings.encrypted() != EncryptedPhone.OFF);
    if (event.code().isEmpty()) {
      return bindEncrypted(caller, encrypted.orElseThrow(), deadline);
    }
    CompletableFuture<PhoneNumber> byCode =
        bindNumberOf(event.code().get(), caller, deadline).thenApply(OpenedPhone::number);
    if (encrypted.isEmpty()) {
      return byCode;
    }
    return byCode.exceptionallyComposeAsync(
        thrown -> {
          if (!isCodeStillGood(thrown)) {
            return CompletableFuture.failedFuture(thrown);
          }
          log.info(
              "phone code not exchanged, taking the encrypted data user={} request={} reason=\"{}\"",
              caller.userId(),
              caller.facts().loggedId(),
              ApiException.of(thrown).diagnosis());
          return bindEncrypted(caller, encrypted.get(), deadline);
        },
        threadsOf(caller.session()));
  }

  /**
   * Binds the number behind the code that came with a login to the session's user and returns it.
   * The future fails with {@code invalid_request} if this cannot be a code.
   */
  public CompletableFuture<OpenedPhone> bindByCode(Caller caller, String code, Deadline deadline) {
    if (!CODE.matcher(code).matches()) {
      return CompletableFuture.failedFuture(
          ApiException.invalid("phoneCode", "must be a string that matches " + CODE));
    }
    try {
      limits.takeOpenDataTry(caller);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return bindNumberOf(code, caller, deadline);
  }

  /**
   * Unbinds the number of the session's user, if there is one; then their other sessions end.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or the session by now
   */
  public void unbind(Caller caller) {
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    binding.unbind(caller);
  }

  private CompletableFuture<OpenedPhone> bindNumberOf(
      String code, Caller caller, Deadline deadline) {
    Session session = caller.session();
    Optional<String> openId =
        settings.sendsOpenId() ? Optional.of(session.openId()) : Optional.empty();
    try {
      return weChat
          .phoneNumber(app(session), code, openId, deadline)
          .whenComplete((number, failure) -> countRefused(session, failure))
          .thenCompose(number -> bindAfterWeChat(caller, number));
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Executor threadsOf(Session session) {
    return database.of(session.appId(), session.openId());
  }

  /** The code is spent, which is what the client must know if its number cannot be stored. */
  private CompletableFuture<OpenedPhone> bindAfterWeChat(Caller caller, PhoneNumber number) {
    return CompletableFuture.completedFuture(number)
        .thenApplyAsync(
            proven -> binding.bind(caller, proven, PhoneSource.WX_CODE),
            threadsOf(caller.session()))
        .whenComplete((bound, lost) -> count(caller.session(), lost == null ? "success" : "lost"))
        .exceptionallyCompose(
            thrown -> CompletableFuture.failedFuture(ApiException.of(thrown).codeSpent()));
  }

  private void countRefused(Session session, @Nullable Throwable failure) {
    if (failure != null) {
      count(session, ApiException.of(failure).error().code());
    }
  }

  private void count(Session session, String outcome) {
    codes.of(apps.label(session.appId()), outcome).increment();
  }

  private CompletableFuture<PhoneNumber> bindEncrypted(
      Caller caller, EncryptedFields fields, Deadline deadline) {
    return settings.encrypted() == EncryptedPhone.CHECKED
        ? bindChecked(caller, fields, deadline)
        : bindOpened(caller, fields);
  }

  /** Asks WeChat first: what it has not made is not tried on any key. */
  private CompletableFuture<PhoneNumber> bindChecked(
      Caller caller, EncryptedFields fields, Deadline deadline) {
    if (fields.data().isEmpty()) {
      return bindOpened(caller, fields); // fails there, as what does not open
    }
    return weChat
        .isEncryptedByWeChat(app(caller.session()), fields.data().get(), deadline)
        .thenComposeAsync(
            known ->
                known
                    ? bindOpened(caller, fields)
                    : openData.failed(caller, new OpenDataException(NOT_OF_WECHAT)),
            threadsOf(caller.session()));
  }

  private CompletableFuture<PhoneNumber> bindOpened(Caller caller, EncryptedFields fields) {
    return openData
        .decrypt(caller, fields, OpenData::phoneNumber)
        .thenApply(
            number -> {
              binding.bind(caller, number, PhoneSource.WX_ENCRYPTED);
              return number;
            });
  }

  private static boolean isCodeStillGood(Throwable thrown) {
    return Futures.cause(thrown) instanceof WeChatException e && e.wasNotAsked();
  }

  private WeChatApp app(Session session) {
    return apps.find(session.appId())
        .orElseThrow(
            () ->
                ApiException.of(
                    ApiError.WECHAT_CONFIG,
                    "the session's app was removed from WX_APPS: " + session.appId()));
  }
}
