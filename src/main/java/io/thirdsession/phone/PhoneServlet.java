package io.thirdsession.phone;

import io.thirdsession.Deadline;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * {@code POST /api/me/phone}: what the phone button gave comes in, the number goes out and is
 * bound. {@code DELETE}: unbind it.
 */
public final class PhoneServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient PhoneService phones;

  /** Answers through this responder. */
  public PhoneServlet(
      Responder responder, RequestAuthenticator authenticator, PhoneService phones) {
    super(responder, "POST", "DELETE");
    this.authenticator = authenticator;
    this.phones = phones;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Deadline deadline = Deadline.in(PhoneService.BINDING);
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
    return Answer.later(phones.bind(session, event, deadline, facts).thenApply(Answer::json));
  }
}
