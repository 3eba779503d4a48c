package io.thirdsession.http;

import io.thirdsession.Throttle;
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
 * The only class that writes responses: values as JSON, and exceptions as errors, with one line in
 * the log for each. Called by the filter, the servlets and every asynchronous completion.
 * Thread-safe.
 */
public final class Responder {
  /**
   * The request attribute with one line that says what was wrong, for whoever filters responses
   * during development. It is never part of a response.
   */
  public static final String DIAGNOSIS = "io.thirdsession.diagnosis";

  private static final String NO_STORE = "no-store";
  private static final String IMMUTABLE = "private, max-age=86400, immutable";
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/._-]{0,40}");
  private static final Logger log = LoggerFactory.getLogger(Responder.class);

  private final RequestTimes times;

  /** So many of each error: enough to follow clients that err, and not a flood of them. */
  private final Throttle refusals = new Throttle(100, Duration.ofSeconds(1));

  private final Throttle outages = new Throttle(Duration.ofSeconds(1));
  private final Throttle configurationFaults = new Throttle(Duration.ofMinutes(1));

  /** Measures each request until its response is written; clients that leave are not counted. */
  public Responder(RequestTimes times) {
    this.times = times;
  }

  /** Writes a response that is complete. */
  void answer(HttpServletRequest request, HttpServletResponse response, Response answer)
      throws IOException {
    write(request, response, answer);
    times.add(request, response.getStatus());
  }

  private static void write(
      HttpServletRequest request, HttpServletResponse response, Response answer)
      throws IOException {
    if (answer instanceof Response.Json json) {
      writeJson(response, json.status(), json.value());
    } else if (answer instanceof Response.Text text) {
      writeText(response, HttpServletResponse.SC_OK, text.mediaType(), text.text());
    } else if (answer instanceof Response.Streamed streamed) {
      stream(request, response, streamed);
    } else if (answer instanceof Response.Lines lines) {
      exchange(request, response, lines);
    } else if (answer instanceof Response.Immutable immutable) {
      response.setContentType(immutable.mediaType());
      write(response, HttpServletResponse.SC_OK, IMMUTABLE, immutable.bytes());
    } else if (answer instanceof Response.Headers headers) {
      headers.values().forEach(response::setHeader);
      write(response, HttpServletResponse.SC_OK, NO_STORE, new byte[0]);
    } else if (answer instanceof Response.NoContent) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      response.setHeader("Cache-Control", NO_STORE);
    } else {
      throw new IllegalArgumentException("a later response within a later response");
    }
  }

  private static void stream(
      HttpServletRequest request, HttpServletResponse response, Response.Streamed streamed)
      throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(streamed.mediaType() + ";charset=utf-8");
    response.setHeader("Cache-Control", NO_STORE);
    try {
      ChunkWriter.start(streamed, request, response);
    } catch (RuntimeException | IOException e) {
      streamed.chunks().close();
      throw e;
    }
  }

  private static void exchange(
      HttpServletRequest request, HttpServletResponse response, Response.Lines lines)
      throws IOException {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(lines.mediaType() + ";charset=utf-8");
    response.setHeader("Cache-Control", NO_STORE);
    try {
      LineExchange.start(lines, request, response);
    } catch (RuntimeException | IOException e) {
      lines.answers().close();
      throw e;
    }
  }

  /** Writes the error that this exception means, unless a response is on its way already. */
  void fail(
      HttpServletRequest request, HttpServletResponse response, Throwable thrown, ErrorBody shape)
      throws IOException {
    RequestFacts facts = RequestFacts.of(request);
    ApiException failure = Failure.of(thrown);
    log(request, facts, failure);
    if (response.isCommitted()) {
      return;
    }
    writeError(request, response, failure, shape, facts);
    times.add(request, response.getStatus());
  }

  private static void writeError(
      HttpServletRequest request,
      HttpServletResponse response,
      ApiException failure,
      ErrorBody shape,
      RequestFacts facts)
      throws IOException {
    ApiError error = failure.error();
    request.setAttribute(DIAGNOSIS, failure.diagnosis());
    response.resetBuffer();
    if (BodyCollector.isStream(request)) {
      // nobody reads it now, and the next request behind its rest would get no response
      response.setHeader("Connection", "close");
    }
    ErrorBody.Rendered rendered = shape.render(failure, facts);
    if (rendered.status() == error.status()) {
      addHeaders(response, failure);
    }
    writeJson(response, rendered.status(), rendered.body());
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
          WECHAT_MALFORMED,
          IMPORT_UNREACHABLE -> {
        outages
            .due(error.code())
            .ifPresent(
                more -> log.warn("request failed {}", line(request, facts, failure) + more(more)));
      }
      case RATE_LIMITED -> refused(outages, request, facts, failure);
      default -> refused(refusals, request, facts, failure);
    }
  }

  private static void refused(
      Throttle throttle, HttpServletRequest request, RequestFacts facts, ApiException failure) {
    throttle
        .due(failure.error().code())
        .ifPresent(
            more -> log.info("request refused {}", line(request, facts, failure) + more(more)));
  }

  private static String line(HttpServletRequest request, RequestFacts facts, ApiException failure) {
    return "error="
        + failure.error().code()
        + " method="
        + request.getMethod()
        + " servlet="
        + shown(request.getServletPath())
        + " request="
        + facts.loggedId()
        + " address="
        + facts.clientAddress()
        + " reason=\""
        + failure.diagnosis()
        + '"';
  }

  private static String more(long leftOut) {
    return leftOut == 0 ? "" : " more=" + leftOut;
  }

  /**
   * Returns a path that can be one of ours. Any other is the client's own, decoded: it could begin
   * a line, or hold a token.
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
