package io.thirdsession.phone;

import io.thirdsession.Deadline;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * {@code POST /api/me/phone}: what the phone button gave comes in, the number goes out and is
 * bound. {@code DELETE}: unbind it.
 */
public final class PhoneServlet extends ApiServlet {
  private final RequestAuthenticator authenticator;
  private final PhoneService phones;

  public PhoneServlet(
      Responder responder, RequestAuthenticator authenticator, PhoneService phones) {
    super(responder, "POST", "DELETE");
    this.authenticator = authenticator;
    this.phones = phones;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Deadline deadline = Deadline.in(PhoneService.BINDING);
    Caller caller = authenticator.require(request);
    if (request.getMethod().equals("DELETE")) {
      phones.unbind(caller);
      return Response.noContent();
    }
    JsonFields fields = JsonFields.of(request);
    Optional<String> code = fields.optional("code", PhoneService.CODE);
    PhoneEvent event = new PhoneEvent(code, EncryptedFields.optional(fields));
    fields.end();
    return Response.later(phones.bind(caller, event, deadline).thenApply(Response::json));
  }
}
