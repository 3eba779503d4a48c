package io.thirdsession.http;

import io.thirdsession.jdbc.Readiness;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /readyz}: whether logins can be served now. WeChat is no part of it: taking every node
 * out of service because WeChat is slow would end the checks as well.
 */
public final class ReadyServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<Readiness> readiness;

  /** Asks this for the state of the database. */
  public ReadyServlet(Responder responder, Supplier<Readiness> readiness) {
    super(responder, "GET", "HEAD");
    this.readiness = readiness;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Readiness now = readiness.get();
    if (now.ready()) {
      return Answer.json(Map.of("status", "ready"));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "not_ready");
    body.put("database", now.database());
    body.put("schema", now.schema());
    body.put("configuration", now.configuration());
    return Answer.json(503, body);
  }
}
