package io.thirdsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A servlet that returns its responses. A subclass names its methods and returns a {@link
 * Response}; no thread waits for one that comes later. What it throws becomes an error of the
 * contract.
 */
public abstract class ApiServlet extends HttpServlet {
  private static final Logger log = LoggerFactory.getLogger(ApiServlet.class);

  /** The container's own time-out: a net, should our timer ever fail. */
  private static final long NET_MILLIS = 10_000;

  private final Responder responder;
  private final List<String> methods;

  /**
   * Serves these methods, or all if none is named; {@code HEAD} is served like {@code GET} without
   * the body.
   */
  protected ApiServlet(Responder responder, String... methods) {
    this.responder = responder;
    this.methods = List.of(methods);
  }

  /**
   * Returns the methods that the requested path has, out of those named in the constructor; for a
   * servlet whose paths have different ones. Empty: no such path.
   */
  protected List<String> methods(HttpServletRequest request) {
    return methods;
  }

  /**
   * Returns the response.
   *
   * @throws ApiException to end with an error
   */
  protected abstract Response answer(HttpServletRequest request);

  /** Returns how errors look here. */
  protected ErrorBody errorBody() {
    return ErrorBody.API;
  }

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      checkMethod(request, response);
      Response answer = answer(request);
      if (answer instanceof Response.Later later && !later.future().isDone()) {
        answerLater(request, response, later);
      } else if (answer instanceof Response.Later later) {
        responder.answer(request, response, later.future().join());
      } else {
        responder.answer(request, response, answer);
      }
    } catch (RuntimeException e) {
      responder.fail(request, response, e, errorBody());
    }
  }

  private void checkMethod(HttpServletRequest request, HttpServletResponse response) {
    if (methods.isEmpty()) {
      return;
    }
    List<String> allowed = methods(request);
    if (allowed.isEmpty()) {
      throw ApiException.of(ApiError.NOT_FOUND, "no such path");
    }
    if (!allowed.contains(request.getMethod())) {
      response.setHeader("Allow", String.join(", ", allowed));
      throw ApiException.of(ApiError.METHOD_NOT_ALLOWED, "allowed: " + allowed);
    }
  }

  /** Result, failure and the container's net race for one flag; the winner responds. */
  private void answerLater(
      HttpServletRequest request, HttpServletResponse response, Response.Later later) {
    AsyncContext async = request.startAsync(request, response);
    AtomicBoolean answered = new AtomicBoolean();
    async.setTimeout(NET_MILLIS + later.more().toMillis());
    async.addListener(new Net(request, response, answered));
    var unused =
        later
            .future()
            .whenComplete(
                (answer, failure) -> {
                  if (!answered.getAndSet(true)) {
                    // a slow client must not hold the thread that brought the result
                    finishElsewhere(request, response, async, answer, failure);
                  }
                });
  }

  private void finishElsewhere(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncContext async,
      @Nullable Response answer,
      @Nullable Throwable failure) {
    try {
      async.start(() -> finish(request, response, async, answer, failure));
    } catch (RuntimeException e) {
      log.warn("the container has no thread for a response, so ours writes it", e);
      finish(request, response, async, answer, failure);
    }
  }

  private void finish(
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncContext async,
      @Nullable Response answer,
      @Nullable Throwable failure) {
    try {
      if (failure != null) {
        responder.fail(request, response, failure, errorBody());
      } else if (answer != null) {
        responder.answer(request, response, answer);
      }
    } catch (RuntimeException e) {
      failAgain(request, response, e);
    } catch (IOException e) {
      log.debug("the client left before its response", e);
    } finally {
      async.complete();
    }
  }

  private void failAgain(
      HttpServletRequest request, HttpServletResponse response, RuntimeException e) {
    try {
      responder.fail(request, response, e, errorBody());
    } catch (IOException gone) {
      log.debug("the client left before its answer", gone);
    }
  }

  private final class Net implements AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AtomicBoolean answered;

    Net(HttpServletRequest request, HttpServletResponse response, AtomicBoolean answered) {
      this.request = request;
      this.response = response;
      this.answered = answered;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      if (!answered.getAndSet(true)) {
        ApiException late = ApiException.of(ApiError.INTERNAL_ERROR, "no response in time");
        finish(request, response, event.getAsyncContext(), null, late);
      }
    }

    @Override
    public void onError(AsyncEvent event) {
      if (!answered.getAndSet(true)) {
        event.getAsyncContext().complete(); // the connection is gone
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
