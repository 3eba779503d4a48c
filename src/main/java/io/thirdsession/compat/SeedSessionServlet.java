package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import jakarta.servlet.http.HttpServletRequest;

/**
 * A page that wants a session. Its token is the parameter {@code third_Session}, as the tutorials
 * send it; no other part of this server reads a token from there.
 */
abstract class SeedSessionServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient SessionService sessions;

  SeedSessionServlet(Responder responder, SessionService sessions) {
    super(responder, "GET", "POST");
    this.sessions = sessions;
  }

  /**
   * Returns what to answer to who is calling.
   *
   * @param baseUrl by which the client reaches this server
   */
  abstract Answer answer(Session session, SeedParameters parameters, String baseUrl);

  @Override
  protected ErrorBody errorBody() {
    return SeedErrors.CODE;
  }

  @Override
  protected final Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    Session session =
        parameters
            .value("third_Session")
            .flatMap(sessions::find)
            .orElseThrow(
                () -> ApiException.of(ApiError.SESSION_INVALID, "no live session: third_Session"));
    return answer(session, parameters, RequestFacts.of(request).baseUrl());
  }
}
