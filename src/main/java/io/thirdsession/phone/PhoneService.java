package io.thirdsession.phone;

import static io.thirdsession.wechat.OpenDataException.Reason.NOT_OF_WECHAT;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.PhoneBook;
import io.thirdsession.user.PhoneSource;
import io.thirdsession.user.StoredPhone;
import io.thirdsession.wechat.EncryptedData;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds phone numbers to users. No thread and no connection is held while WeChat thinks.
 * Thread-safe.
 */
public final class PhoneService {
  /** What the code of a phone button looks like: 64 hex digits today. */
  public static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /** From the arrival of a request to its answer. */
  public static final Duration BINDING = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(PhoneService.class);

  private final WeChatClient weChat;
  private final WeChatApps apps;
  private final OpenDataService openData;
  private final PhoneBinding binding;
  private final PhoneSettings settings;
  private final Timer timer;
  private final Executor databaseExecutor;

  /** Uses these parts. */
  public PhoneService(
      WeChatClient weChat,
      WeChatApps apps,
      OpenDataService openData,
      PhoneBook phones,
      SessionService sessions,
      PhoneSettings settings,
      AuditTrail audit,
      Timer timer,
      Executor databaseExecutor) {
    this.weChat = weChat;
    this.apps = apps;
    this.openData = openData;
    this.binding = new PhoneBinding(phones, sessions, audit);
    this.settings = settings;
    this.timer = timer;
    this.databaseExecutor = databaseExecutor;
  }

  /**
   * Binds the number of this event to the session's user and returns it. If they had another
   * number, their other sessions end with it. The code is tried first; the encrypted data only if
   * WeChat could not be asked about the code, never after a time-out: then it may be spent, and
   * what has become of it is not known. The future ends with the deadline.
   */
  public CompletableFuture<PhoneNumber> bind(
      Session session, PhoneEvent event, Deadline deadline, RequestFacts facts) {
    try {
      requireTaken(event);
      openData.takeTry(session, facts);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return timer.within(
        deadline.leftAtMost(BINDING),
        bindWhatIsThere(session, event, deadline, facts),
        () ->
            ApiException.of(
                event.code().isPresent() ? ApiError.WECHAT_TIMEOUT : ApiError.STORAGE_UNAVAILABLE,
                "the deadline passed while a phone was bound"));
  }

  /**
   * Goes through if there is something in this event that is taken.
   *
   * @throws ApiException {@code invalid_request} if it has no code, and PHONE_ENCRYPTED is off
   */
  public void requireTaken(PhoneEvent event) {
    if (event.code().isEmpty() && settings.encrypted() == EncryptedPhone.OFF) {
      throw ApiException.invalid(
          "encryptedData", "is not taken (PHONE_ENCRYPTED=off): send the code");
    }
  }

  private CompletableFuture<PhoneNumber> bindWhatIsThere(
      Session session, PhoneEvent event, Deadline deadline, RequestFacts facts) {
    Optional<EncryptedFields> encrypted =
        event.encrypted().filter(fields -> settings.encrypted() != EncryptedPhone.OFF);
    if (event.code().isEmpty()) {
      return bindEncrypted(session, encrypted.orElseThrow(), deadline, facts);
    }
    CompletableFuture<PhoneNumber> byCode =
        codeSpent(
            numberOfCode(session, event.code().get(), deadline)
                .thenApplyAsync(
                    number -> {
                      afterWeChat(session, number, facts);
                      return number;
                    },
                    databaseExecutor));
    if (encrypted.isEmpty()) {
      return byCode;
    }
    return byCode.exceptionallyComposeAsync(
        thrown -> {
          if (!isCodeStillGood(thrown)) {
            return CompletableFuture.failedFuture(thrown);
          }
          log.info(
              "phone code not exchanged, taking the encrypted data user={} reason=\"{}\"",
              session.userId(),
              ApiException.of(thrown).diagnosis());
          return bindEncrypted(session, encrypted.get(), deadline, facts);
        },
        databaseExecutor);
  }

  /** Binds the number behind this code to the session's user and returns it as it is stored. */
  public CompletableFuture<StoredPhone> bindByCode(
      Session session, String code, Deadline deadline, RequestFacts facts) {
    try {
      openData.takeTry(session, facts);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return codeSpent(
        numberOfCode(session, code, deadline)
            .thenApplyAsync(number -> afterWeChat(session, number, facts), databaseExecutor));
  }

  /**
   * Unbinds the number of the session's user, if there is one; then their other sessions end.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or the session by now
   */
  public void unbind(Session session, RequestFacts facts) {
    binding.unbind(session, facts);
  }

  private CompletableFuture<PhoneNumber> numberOfCode(
      Session session, String code, Deadline deadline) {
    Optional<String> openId =
        settings.sendsOpenId() ? Optional.of(session.openId()) : Optional.empty();
    try {
      return weChat.phoneNumber(app(session), code, openId, deadline);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<PhoneNumber> bindEncrypted(
      Session session, EncryptedFields fields, Deadline deadline, RequestFacts facts) {
    return settings.encrypted() == EncryptedPhone.CHECKED
        ? bindChecked(session, fields, deadline, facts)
        : bindOpened(session, fields, facts);
  }

  /** Asks WeChat first: what it has not made is not tried on any key. */
  private CompletableFuture<PhoneNumber> bindChecked(
      Session session, EncryptedFields fields, Deadline deadline, RequestFacts facts) {
    EncryptedData data;
    try {
      data = EncryptedData.parse(fields.encryptedData(), fields.iv());
    } catch (OpenDataException e) {
      return openData.failed(session, e, facts);
    }
    return weChat
        .isEncryptedByWeChat(app(session), data, deadline)
        .thenComposeAsync(
            known ->
                known
                    ? bindOpened(session, fields, facts)
                    : openData.failed(session, new OpenDataException(NOT_OF_WECHAT), facts),
            databaseExecutor);
  }

  private CompletableFuture<PhoneNumber> bindOpened(
      Session session, EncryptedFields fields, RequestFacts facts) {
    return openData
        .decryptUncounted(session, fields, OpenData::phoneNumber, facts)
        .thenApply(
            number -> {
              binding.bind(session, number, PhoneSource.WX_ENCRYPTED, facts);
              return number;
            });
  }

  /** The code is spent when there is no thread to store its number. */
  private static <T> CompletableFuture<T> codeSpent(CompletableFuture<T> stored) {
    return stored.exceptionallyCompose(
        thrown ->
            CompletableFuture.failedFuture(
                Futures.cause(thrown) instanceof RejectedExecutionException e
                    ? ApiException.of(
                        ApiError.STORAGE_UNAVAILABLE_CODE_SPENT,
                        "no thread is left for the database",
                        e)
                    : thrown));
  }

  /** Stores a number whose code is spent, which is what the client must know if it cannot be. */
  private StoredPhone afterWeChat(Session session, PhoneNumber number, RequestFacts facts) {
    try {
      return binding.bind(session, number, PhoneSource.WX_CODE, facts);
    } catch (StorageException e) {
      if (!e.isUnavailable()) {
        throw e;
      }
      throw ApiException.of(
          ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, "database: " + e.getMessage(), e);
    }
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
                    "the session's app is no longer in WX_APPS: " + session.appId()));
  }
}
