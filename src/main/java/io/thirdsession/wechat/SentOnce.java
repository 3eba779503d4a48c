package io.thirdsession.wechat;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An empty body that keeps the JDK's client from sending a GET twice. That client repeats a GET by
 * itself when the connection breaks before the first byte of the answer; a login code may be spent
 * by then. It asks for the length of the body before it writes a request, so that is where the
 * second time can be refused.
 */
final class SentOnce implements BodyPublisher {
  private final BodyPublisher nothing = BodyPublishers.noBody();
  private final AtomicBoolean sent = new AtomicBoolean();

  @Override
  public long contentLength() {
    if (sent.getAndSet(true)) {
      throw new IllegalStateException("a request was about to be sent twice");
    }
    return 0;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    nothing.subscribe(subscriber);
  }
}
