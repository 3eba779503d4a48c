package io.thirdsession.phone;

import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code POST /api/me/phone}: what the phone button gave comes in, the number goes out and is
 * bound. {@code DELETE}: unbind it.
 */
public final class PhoneServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  /** From the arrival of a request to its answer. */
  private static final Duration BINDING = Duration.ofSeconds(5);

  private final transient RequestAuthenticator authenticator;
  private final transient PhoneService phones;
  private final transient Timer timer;

  /** Answers through this responder. */
  public PhoneServlet(
      Responder responder, RequestAuthenticator authenticator, PhoneService phones, Timer timer) {
    super(responder, "POST", "DELETE");
    this.authenticator = authenticator;
    this.phones = phones;
    this.timer = timer;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Deadline deadline = Deadline.in(BINDING);
    Session session = authenticator.require(request);
    RequestFacts facts = RequestFacts.of(request);
    if (request.getMethod().equals("DELETE")) {
      phones.unbind(session, facts);
      return Answer.noContent();
    }
    JsonFields fields = JsonFields.of(request);
    Optional<String> code = fields.optional("code", PhoneService.CODE);
    PhoneEvent event = new PhoneEvent(code, EncryptedFields.optional(fields));
    fields.end();
    return Answer.later(
        timer
            .within(
                deadline.leftAtMost(BINDING),
                phones.bind(session, event, deadline, facts),
                () ->
                    ApiException.of(
                        code.isPresent() ? ApiError.WECHAT_TIMEOUT : ApiError.STORAGE_UNAVAILABLE,
                        "the deadline passed while a phone was bound"))
            .thenApply(Answer::json));
  }
}
