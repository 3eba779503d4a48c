package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import jakarta.servlet.http.HttpServletRequest;

/**
 * A page that requires a session. Its token is the parameter {@code third_Session}, as the
 * tutorials send it; no other part of this server reads a token from there.
 */
abstract class SeedSessionServlet extends ApiServlet {
  private final SessionService sessions;

  SeedSessionServlet(Responder responder, SessionService sessions) {
    super(responder, "GET", "POST");
    this.sessions = sessions;
  }

  /** Returns the response to this caller. */
  abstract Response answer(Caller caller, SeedParameters parameters);

  @Override
  protected ErrorBody errorBody() {
    return SeedErrors.CODE;
  }

  @Override
  protected final Response answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    Session session =
        parameters
            .value("third_Session")
            .flatMap(sessions::find)
            .orElseThrow(
                () -> ApiException.of(ApiError.SESSION_INVALID, "no live session: third_Session"));
    return answer(new Caller(session, RequestFacts.of(request)), parameters);
  }

  /** A body that says only that it was done. */
  record Done(int code) {
    static final Done DONE = new Done(0);
  }
}
