package io.thirdsession.opendata;

import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.wechat.OpenDataException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * {@code POST /api/me/decrypt}: open data of any kind (steps, group id, …) comes in encrypted and
 * goes out plain. It is the client's own claim and is stored nowhere.
 *
 * <p>Every failure has the same answer, and has it equally late: with one bit that told two of them
 * apart, anybody could make WeChat's key decrypt and encrypt what they like.
 */
public final class DecryptServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private static final Pattern ENCRYPTED_DATA = Pattern.compile("(?s).{1,8192}");
  private static final Pattern IV = Pattern.compile("(?s).{1,64}");

  /** From the arrival of a request to the answer that it failed; longer than any way to fail. */
  private static final Duration FAILURE = Duration.ofMillis(150);

  private final transient RequestAuthenticator authenticator;
  private final transient OpenDataService openData;
  private final transient Timer timer;

  /** Answers through this responder. */
  public DecryptServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      SessionKeyService keys,
      Timer timer,
      Clock clock) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.openData = new OpenDataService(keys, clock);
    this.timer = timer;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Deadline failure = Deadline.in(FAILURE);
    Session session = authenticator.require(request);
    JsonFields fields = JsonFields.of(request);
    String encryptedData = fields.required("encryptedData", ENCRYPTED_DATA);
    String iv = fields.required("iv", IV);
    fields.end();
    try {
      return Answer.json(openData.decrypt(session, encryptedData, iv).claims());
    } catch (OpenDataException e) {
      CompletableFuture<Answer> later = new CompletableFuture<>();
      ApiException same = // but for the log
          ApiException.of(
              ApiError.DECRYPT_FAILED,
              e.reason() + " user=" + session.userId() + " cure: " + e.reason().cure());
      timer.after(failure.leftAtMost(FAILURE), () -> later.completeExceptionally(same));
      return Answer.later(later);
    }
  }
}
