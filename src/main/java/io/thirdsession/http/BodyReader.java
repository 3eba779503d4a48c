package io.thirdsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in a body that comes late. No thread waits for it: the container calls when there is
 * something to read, and when the time is over. Then the request goes on, or ends here.
 */
final class BodyReader implements ReadListener, AsyncListener {
  private static final Logger log = LoggerFactory.getLogger(BodyReader.class);

  private final Body body;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Responder responder;
  private final AsyncContext async;
  private final ServletInputStream in;
  private final AtomicBoolean settled = new AtomicBoolean();

  private BodyReader(
      Body body,
      HttpServletRequest request,
      HttpServletResponse response,
      Responder responder,
      AsyncContext async)
      throws IOException {
    this.body = body;
    this.request = request;
    this.response = response;
    this.responder = responder;
    this.async = async;
    this.in = request.getInputStream();
  }

  /** Begins to take in this body; the request will be dispatched again. */
  static void start(
      Body body, HttpServletRequest request, HttpServletResponse response, Responder responder)
      throws IOException {
    AsyncContext async = request.startAsync(request, response);
    BodyReader reader = new BodyReader(body, request, response, responder, async);
    async.setTimeout(body.limits().deadline().toMillis());
    async.addListener(reader);
    if (body.wantsMore()) {
      reader.in.setReadListener(reader);
    } else {
      reader.goOn();
    }
  }

  @Override
  public void onDataAvailable() throws IOException {
    while (!settled.get() && body.wantsMore() && in.isReady()) {
      body.readSome(in);
    }
    if (!body.wantsMore()) {
      goOn();
    }
  }

  @Override
  public void onAllDataRead() {
    goOn();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    if (body.isTooLong()) {
      goOn(); // the response does not depend on the rest
    } else {
      long seconds = body.limits().deadline().toSeconds();
      refuse(
          ApiException.of(
                  ApiError.INVALID_REQUEST, "the body did not arrive within " + seconds + " s")
              .saying(
                  "请求内容没有在 " + seconds + " 秒内传完，请检查网络后重试",
                  "The body did not arrive within "
                      + seconds
                      + " s: check the network, try again"));
    }
  }

  @Override
  public void onError(Throwable thrown) {
    log.debug("a body broke off", thrown);
    refuse(brokeOff("the body broke off"));
  }

  /** Tomcat makes a fault of ours of what nobody completes here. */
  @Override
  public void onError(AsyncEvent event) {
    refuse(brokeOff("the connection broke off"));
    complete();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    body.discard();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  private void goOn() {
    if (settled.getAndSet(true)) {
      return;
    }
    try {
      async.dispatch();
    } catch (RuntimeException e) {
      // Tomcat throws what it likes if it cannot resolve the path a second time
      log.debug("not dispatched", e);
      respond(ApiException.of(ApiError.NOT_FOUND, "no such address"));
    }
  }

  private void refuse(ApiException refusal) {
    if (!settled.getAndSet(true)) {
      respond(refusal);
    }
  }

  /** Returns the error for a body of which the rest will not come. */
  static ApiException brokeOff(String diagnosis) {
    return ApiException.of(ApiError.INVALID_REQUEST, diagnosis)
        .saying("请求内容没有传完，请检查网络后重试", "The body broke off: check the network, try again");
  }

  /** Responds from here: on Tomcat a connection whose body is broken ends before any dispatch. */
  private void respond(ApiException refusal) {
    body.discard();
    try {
      response.setHeader("Connection", "close");
      responder.fail(request, response, refusal, ErrorBody.API);
      response.flushBuffer();
    } catch (IOException e) {
      log.debug("the client left before its response", e);
    }
    complete();
  }

  private void complete() {
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.debug("completed already", e);
    }
  }
}
