package io.thirdsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Responds in place of the container's error pages: to an unknown path, a request that it refuses
 * inside the context, a servlet that failed to load.
 */
public final class ErrorServlet extends HttpServlet {
  private final Responder responder;

  public ErrorServlet(Responder responder) {
    this.responder = responder;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    responder.fail(request, response, failure(request), ErrorBody.API);
  }

  private static ApiException failure(HttpServletRequest request) {
    boolean dispatched = request.getDispatcherType() == DispatcherType.ERROR;
    if (!dispatched
        || !(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status)) {
      return ApiException.of(ApiError.NOT_FOUND, "no such path");
    }
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown
        && status >= 500) {
      return Failure.of(thrown);
    }
    ApiError error =
        switch (status) {
          case 404 -> ApiError.NOT_FOUND;
          case 405, 501 -> ApiError.METHOD_NOT_ALLOWED;
          case 413 -> ApiError.PAYLOAD_TOO_LARGE;
          case 415 -> ApiError.UNSUPPORTED_MEDIA_TYPE;
          default -> status < 500 ? ApiError.INVALID_REQUEST : ApiError.INTERNAL_ERROR;
        };
    return ApiException.of(error, "the container responded with " + status);
  }
}
