package io.thirdsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the bodies of requests before any servlet runs, and lets no thread wait for what comes
 * late. That goes for every address: Tomcat reads past an unread body with a thread that waits, be
 * it of a page that is not there. Thread-safe.
 */
public final class BodyCollector {
  private static final Logger log = LoggerFactory.getLogger(BodyCollector.class);

  private static final String ADDRESS = BodyCollector.class.getName();
  private static final String STREAM = BodyCollector.class.getName() + ".stream";
  private static final long MAX_BYTES = 32L * 1_048_576;

  /** There is room for so many of the longest. */
  private static final int MAX_UPLOADS = 32;

  private final Responder responder;
  private final Predicate<HttpServletRequest> uploads;
  private final Predicate<HttpServletRequest> streams;
  private final BodyLimits uploadLimits;
  private final Predicate<HttpServletRequest> longer;
  private final BodyLimits longerLimits;
  private final Budget usualBudget = new Budget(MAX_BYTES);
  private final Budget uploadBudget;

  /**
   * Keeps longer bodies, and waits longer, for uploads.
   *
   * @param uploads tells which requests are uploads, asking nobody; strangers' are none
   * @param maxFileLength the most bytes in their file
   * @param longer tells which other requests may have more than the usual bytes
   * @param maxLength the most bytes in their body
   * @param streams tells whose bodies are left to their servlet, which reads them as they arrive
   *     and waits for none; asks nobody, strangers' are none
   */
  public BodyCollector(
      Responder responder,
      Predicate<HttpServletRequest> uploads,
      int maxFileLength,
      Predicate<HttpServletRequest> longer,
      int maxLength,
      Predicate<HttpServletRequest> streams) {
    this.responder = responder;
    this.uploads = uploads;
    this.streams = streams;
    this.uploadLimits = BodyLimits.upload(maxFileLength);
    this.longer = longer;
    this.longerLimits = BodyLimits.longer(maxLength);
    this.uploadBudget = new Budget((long) MAX_UPLOADS * uploadLimits.maxKept());
  }

  /**
   * Returns whether the request can go on now. If not, it is dispatched again when its body is
   * there.
   *
   * @throws ApiException if the body breaks off, or the request was dispatched to another address
   */
  boolean collect(HttpServletRequest request, HttpServletResponse response) {
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      checkAddress(request);
    }
    if (Body.of(request).isPresent() || !hasBody(request)) {
      return true;
    }
    if (streams.test(request)) {
      request.setAttribute(STREAM, true);
      return true;
    }
    Body body = begin(request);
    body.attachTo(request);
    try {
      takeWhatIsThere(body, request);
      if (body.isWhole() || request.getDispatcherType() == DispatcherType.ERROR) {
        return true;
      }
      if (request.isAsyncSupported()) {
        request.setAttribute(ADDRESS, address(request));
        BodyReader.start(body, request, response, responder);
        return false;
      }
      takeAll(body, request); // an operator's own filter wants it so
      return true;
    } catch (IOException e) {
      log.debug("a body broke off", e);
      throw BodyReader.brokeOff("the body broke off");
    }
  }

  /** Returns whether the body of this request was left to its servlet. */
  static boolean isStream(HttpServletRequest request) {
    return request.getAttribute(STREAM) != null;
  }

  /** The container resolves the path a second time: what it was first let through as counts. */
  private static void checkAddress(HttpServletRequest request) {
    if (!address(request).equals(request.getAttribute(ADDRESS))) {
      throw ApiException.of(ApiError.NOT_FOUND, "the path was resolved in another way");
    }
  }

  private static String address(HttpServletRequest request) {
    return request.getServletPath() + " " + request.getPathInfo();
  }

  private Body begin(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    if (!uploads.test(request)) {
      BodyLimits limits = longer.test(request) ? longerLimits : BodyLimits.USUAL;
      return new Body(length, limits, usualBudget);
    }
    Body body = new Body(length, uploadLimits, uploadBudget);
    body.reserveAll();
    return body;
  }

  /** Without HTTP/1's headers the end of the stream may tell, of methods that have a body. */
  private static boolean hasBody(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length > 0
        || (length < 0
            && (request.getHeader("Transfer-Encoding") != null
                || (!request.getProtocol().startsWith("HTTP/1")
                    && !Set.of("GET", "HEAD").contains(request.getMethod()))));
  }

  /** Costs most requests nothing: their body comes along with their head. */
  private static void takeWhatIsThere(Body body, HttpServletRequest request) throws IOException {
    if (request.getContentLengthLong() < 0) {
      return; // to find the end of a chunk may need the next bytes
    }
    ServletInputStream in = request.getInputStream();
    while (body.wantsMore() && in.available() > 0) {
      body.readSome(in);
    }
  }

  private static void takeAll(Body body, HttpServletRequest request) throws IOException {
    ServletInputStream in = request.getInputStream();
    while (body.wantsMore()) {
      body.readSome(in);
    }
  }
}
