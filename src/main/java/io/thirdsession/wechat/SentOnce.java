package io.thirdsession.wechat;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A body that keeps the JDK's client from sending a request twice. That client repeats a GET by
 * itself when the connection breaks before the first byte of the response; a code may be spent by
 * then. It asks for the length of the body before it writes a request, so that is where the second
 * time can be refused.
 */
final class SentOnce implements BodyPublisher {
  private final BodyPublisher body;
  private final AtomicBoolean sent = new AtomicBoolean();

  SentOnce(BodyPublisher body) {
    this.body = body;
  }

  /**
   * Keeps the request from being sent from now on.
   *
   * @return whether nothing of it was sent
   */
  boolean prevent() {
    return !sent.getAndSet(true);
  }

  @Override
  public long contentLength() {
    if (sent.getAndSet(true)) {
      throw new IllegalStateException("a request was about to be sent twice, or too late");
    }
    return body.contentLength();
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    body.subscribe(subscriber);
  }
}
