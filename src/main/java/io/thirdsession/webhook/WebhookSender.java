package io.thirdsession.webhook;

import io.thirdsession.Timer;
import io.thirdsession.event.Event;
import io.thirdsession.json.Json;
import io.thirdsession.wechat.BoundedBody;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends one event to one webhook, once. Thread-safe. */
public final class WebhookSender {
  private static final Duration MAX_TIME = Duration.ofSeconds(10);
  private static final int MAX_LENGTH = 65_536;
  private static final int SUCCESS = 200;
  private static final int REDIRECTION = 300;

  private final HttpClient client;
  private final Executor lookups;
  private final Timer timer;
  private final Clock clock;
  private final boolean loopback;

  /**
   * Makes a sender.
   *
   * @param client follows no redirects
   * @param lookups looks names up, which may take long
   * @param loopback whether this machine itself may be told, as it is while developing
   */
  public WebhookSender(
      HttpClient client, Executor lookups, Timer timer, Clock clock, boolean loopback) {
    this.client = client;
    this.lookups = lookups;
    this.timer = timer;
    this.clock = clock;
    this.loopback = loopback;
  }

  /**
   * Sends the event.
   *
   * @return fails unless there is a response of 2xx within 10 s, of at most 64 KiB; the message
   *     says why, without the URL
   */
  CompletableFuture<Void> send(Webhook webhook, Event event) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        CompletableFuture.runAsync(() -> checkAddress(webhook.host()), lookups)
            .thenCompose(
                looked ->
                    client.sendAsync(request(webhook, event), info -> new BoundedBody(MAX_LENGTH)));
    return timer
        .within(
            MAX_TIME,
            sent,
            () -> new TimeoutException("no response within " + MAX_TIME.toSeconds() + " s"))
        .whenComplete((response, failure) -> sent.cancel(true)) // a body may still be coming
        .thenAccept(
            response -> {
              if (response.statusCode() < SUCCESS || response.statusCode() >= REDIRECTION) {
                throw new RefusedException("status " + response.statusCode(), null);
              }
            });
  }

  private HttpRequest request(Webhook webhook, Event event) {
    Instant now = clock.instant();
    String id = event.id().toString();
    String body = Json.write(event.body(app -> true));
    return HttpRequest.newBuilder(webhook.url())
        .timeout(MAX_TIME)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("User-Agent", "thirdsession")
        .header("webhook-id", id)
        .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
        .header("webhook-signature", WebhookSignature.of(webhook.secrets(), id, now, body))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** Private networks are the operator's; what a name should not lead to is this machine itself. */
  private void checkAddress(String host) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new RefusedException("the name of the host is unknown", e);
    }
    for (InetAddress address : addresses) {
      if (address.isLinkLocalAddress()
          || address.isMulticastAddress()
          || (!loopback && (address.isLoopbackAddress() || address.isAnyLocalAddress()))) {
        throw new RefusedException("the host is link-local or loopback", null);
      }
    }
  }

  /** Not sent, or not taken. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
