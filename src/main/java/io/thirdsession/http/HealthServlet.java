package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** {@code GET /healthz}: the process lives. It asks nobody else. */
public final class HealthServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  /** Answers through this responder. */
  public HealthServlet(Responder responder) {
    super(responder, "GET", "HEAD");
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    return Answer.json(Map.of("status", "ok"));
  }
}
