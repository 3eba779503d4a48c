package io.thirdsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a body chunk by chunk. No thread waits for a client that reads slowly: the container calls
 * when there is room for more, and when the time is over. What is cut off lacks its end, though
 * Jetty may end the body as if it were whole: it must be in a form that shows where it ends.
 */
final class ChunkWriter implements WriteListener, AsyncListener {
  private static final Logger log = LoggerFactory.getLogger(ChunkWriter.class);

  private final Response.Streamed body;
  private final RequestFacts facts;
  private final AsyncContext async;
  private final ServletOutputStream out;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private ChunkWriter(
      Response.Streamed body, RequestFacts facts, AsyncContext async, ServletOutputStream out) {
    this.body = body;
    this.facts = facts;
    this.async = async;
    this.out = out;
  }

  /** Begins to send this body; status and headers are set already. */
  static void start(
      Response.Streamed body, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    AsyncContext async = request.startAsync(request, response);
    ChunkWriter writer =
        new ChunkWriter(body, RequestFacts.of(request), async, response.getOutputStream());
    async.setTimeout(body.deadline().toMillis());
    async.addListener(writer);
    writer.out.setWriteListener(writer);
  }

  @Override
  public void onWritePossible() throws IOException {
    while (!settled.get() && out.isReady()) {
      Optional<byte[]> chunk = body.chunks().next();
      if (chunk.isEmpty()) {
        complete();
      } else {
        out.write(chunk.get());
      }
    }
  }

  /** The connection broke, or a chunk could not be made. */
  @Override
  public void onError(Throwable thrown) {
    if (!settled.get()) {
      cutOff(ApiException.of(thrown).diagnosis());
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    cutOff("not taken within " + body.deadline().toSeconds() + " s");
  }

  @Override
  public void onError(AsyncEvent event) {
    complete();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  private void cutOff(String reason) {
    log.info("response cut off request={} reason=\"{}\"", facts.loggedId(), reason);
    complete();
  }

  private void complete() {
    if (settled.getAndSet(true)) {
      return;
    }
    close();
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.debug("completed already", e);
    }
  }

  private void close() {
    if (!closed.getAndSet(true)) {
      body.chunks().close();
    }
  }
}
