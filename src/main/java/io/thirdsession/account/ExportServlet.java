package io.thirdsession.account;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code GET /api/me/export}: everything that is held of the user, for the user to take along.
 * Wants a fresh login, which a phone gets silently and whoever stole its token does not.
 */
public final class ExportServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient ExportService exports;
  private final transient AuditTrail audit;

  /** Answers through this responder. */
  public ExportServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ExportService exports,
      AuditTrail audit) {
    super(responder, "GET");
    this.authenticator = authenticator;
    this.exports = exports;
    this.audit = audit;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.requireFresh(request);
    audit.record(AuditEvent.EXPORTED, session.subject(), RequestFacts.of(request), "");
    return Answer.json(exports.export(session.userId(), RequestFacts.of(request).baseUrl()));
  }
}
