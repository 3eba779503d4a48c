package io.thirdsession.push;

import io.thirdsession.Timer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Response;
import io.thirdsession.wechat.BoundedBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Hands pushes on to who had them before: an app has one address for everything. Thread-safe. */
public final class PushRelay {
  /** WeChat waits 5 s. */
  private static final Duration MAX_TIME = Duration.ofSeconds(4);

  private static final int MAX_LENGTH = 65_536;
  private static final int OK = 200;

  private final HttpClient client;
  private final Timer timer;
  private final Optional<String> url;

  /**
   * Makes a relay.
   *
   * @param url PUSH_RELAY_URL, in which {@code {appid}} is replaced; empty: nothing is handed on
   */
  public PushRelay(HttpClient client, Timer timer, Optional<String> url) {
    this.client = client;
    this.timer = timer;
    this.url = url;
  }

  boolean isThere() {
    return url.isPresent();
  }

  /**
   * Sends the body with the query that WeChat sent, and returns what to answer to WeChat.
   *
   * @return fails with {@code push_relay_failed} unless there is a response 200 in time, of at most
   *     64 KiB
   */
  CompletableFuture<Response> send(String appId, String query, String contentType, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(url.orElseThrow().replace("{appid}", appId) + '?' + query))
            .timeout(MAX_TIME)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, info -> new BoundedBody(MAX_LENGTH));
    return timer
        .within(MAX_TIME, sent, TimeoutException::new)
        .whenComplete((response, failure) -> sent.cancel(true)) // a body may still be coming
        .handle(PushRelay::answer);
  }

  private static Response answer(
      @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response == null) {
      String why = failure == null ? "" : failure.getClass().getSimpleName();
      throw ApiException.of(ApiError.PUSH_RELAY_FAILED, "PUSH_RELAY_URL gave no response " + why);
    }
    if (response.statusCode() != OK) {
      throw ApiException.of(
          ApiError.PUSH_RELAY_FAILED, "PUSH_RELAY_URL gave status " + response.statusCode());
    }
    String type =
        response.headers().firstValue("Content-Type").orElse("text/plain").split(";", 2)[0].strip();
    return Response.text(type, new String(response.body(), StandardCharsets.UTF_8));
  }
}
