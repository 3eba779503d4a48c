package io.thirdsession.http;

import io.thirdsession.json.Json;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only class that writes answers: values as JSON, and exceptions as errors, with one line in
 * the log for each. Called by the filter, the servlets and every asynchronous completion.
 * Thread-safe.
 */
public final class Responder {
  /**
   * The request attribute with one line that says what was wrong, for whoever stands in front of
   * the answers during development. It is never part of an answer.
   */
  public static final String DIAGNOSIS = "io.thirdsession.diagnosis";

  private static final String NO_STORE = "no-store";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/._-]{0,40}");
  private static final Logger log = LoggerFactory.getLogger(Responder.class);

  private final Notices outages = new Notices(Duration.ofSeconds(1));
  private final Notices configurationFaults = new Notices(Duration.ofMinutes(1));

  /** Writes an answer that is there. */
  void answer(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    settle(response, RequestBody.finish(request));
    if (answer instanceof Answer.Json json) {
      writeJson(response, json.status(), json.value());
    } else if (answer instanceof Answer.Text text) {
      writeText(response, HttpServletResponse.SC_OK, text.mediaType(), text.text());
    } else if (answer instanceof Answer.Immutable immutable) {
      response.setContentType(immutable.mediaType());
      write(response, HttpServletResponse.SC_OK, IMMUTABLE, immutable.bytes());
    } else if (answer instanceof Answer.Headers headers) {
      headers.values().forEach(response::setHeader);
      write(response, HttpServletResponse.SC_OK, NO_STORE, new byte[0]);
    } else if (answer instanceof Answer.NoContent) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      response.setHeader("Cache-Control", NO_STORE);
    } else {
      throw new IllegalArgumentException("an answer within an answer that comes later");
    }
  }

  /** Writes the error that this exception means, unless an answer is on its way already. */
  void fail(
      HttpServletRequest request, HttpServletResponse response, Throwable thrown, ErrorBody shape)
      throws IOException {
    RequestFacts facts = RequestFacts.of(request);
    ApiException failure = Failure.of(thrown);
    log(request, facts, failure);
    if (response.isCommitted()) {
      return;
    }
    ApiError error = failure.error();
    settle(
        response,
        error == ApiError.PAYLOAD_TOO_LARGE
            ? RequestBody.finishTooLong(request)
            : RequestBody.finish(request));
    request.setAttribute(DIAGNOSIS, failure.diagnosis());
    response.resetBuffer();
    ErrorBody.Rendered rendered = shape.render(failure, facts);
    if (rendered.status() == error.status()) {
      addHeaders(response, failure);
    }
    writeJson(response, rendered.status(), rendered.body());
  }

  /** Says that the connection ends here, if the rest of the body stands in it. */
  private static void settle(HttpServletResponse response, boolean finished) {
    if (!finished) {
      response.setHeader("Connection", "close");
    }
  }

  private static void addHeaders(HttpServletResponse response, ApiException failure) {
    if (!failure.retryAfter().isZero()) {
      response.setHeader("Retry-After", Long.toString(failure.retryAfter().toSeconds()));
    }
    if (failure.error() == ApiError.SESSION_INVALID) {
      response.setHeader("WWW-Authenticate", "Bearer");
    }
    if (failure.error() == ApiError.CLIENT_INVALID) {
      response.setHeader("WWW-Authenticate", "Basic realm=\"thirdsession\", charset=\"UTF-8\"");
    }
  }

  private void log(HttpServletRequest request, RequestFacts facts, ApiException failure) {
    ApiError error = failure.error();
    switch (error) {
      case INTERNAL_ERROR ->
          log.error("request failed {}", line(request, facts, failure), failure.getCause());
      case WECHAT_CONFIG, WECHAT_QUOTA -> {
        if (configurationFaults.isDue(failure.errcode() + " " + failure.appId())) {
          log.error("operator must act {}", line(request, facts, failure));
        }
      }
      case STORAGE_UNAVAILABLE,
          STORAGE_UNAVAILABLE_CODE_SPENT,
          OVERLOADED,
          WECHAT_BUSY,
          WECHAT_UNREACHABLE,
          WECHAT_TIMEOUT,
          WECHAT_MALFORMED -> {
        if (outages.isDue(error.code())) {
          log.warn("request failed {}", line(request, facts, failure));
        }
      }
      default -> log.info("request refused {}", line(request, facts, failure));
    }
  }

  private static String line(HttpServletRequest request, RequestFacts facts, ApiException failure) {
    return "error="
        + failure.error().code()
        + " method="
        + request.getMethod()
        + " servlet="
        + shown(request.getServletPath())
        + " request="
        + facts.requestId()
        + " address="
        + facts.clientAddress()
        + " reason=\""
        + failure.diagnosis()
        + '"';
  }

  /**
   * Returns a path that can be one of ours. Any other is the client's own text, decoded: it could
   * begin a line, or hold a token.
   */
  private static String shown(String path) {
    return PATH.matcher(path).matches() ? path : "?";
  }

  private static void writeJson(HttpServletResponse response, int status, Object value)
      throws IOException {
    writeText(response, status, "application/json", Json.write(value));
  }

  private static void writeText(
      HttpServletResponse response, int status, String mediaType, String text) throws IOException {
    response.setContentType(mediaType + ";charset=utf-8");
    write(response, status, NO_STORE, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(
      HttpServletResponse response, int status, String cacheControl, byte[] body)
      throws IOException {
    response.setStatus(status);
    response.setHeader("Cache-Control", cacheControl);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
