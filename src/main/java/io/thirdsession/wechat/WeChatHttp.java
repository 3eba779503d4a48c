package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.MALFORMED;
import static io.thirdsession.wechat.WeChatException.Kind.OVERLOADED;
import static io.thirdsession.wechat.WeChatException.Kind.TIMEOUT;
import static io.thirdsession.wechat.WeChatException.Kind.UNREACHABLE;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;

/**
 * One HTTP call to WeChat that holds no thread: sent once, answered in time or given up, its body
 * bounded. Fails with {@link WeChatException} only, whose text holds nothing of the URL, because
 * the URL bears the AppSecret or an access_token. Thread-safe.
 */
final class WeChatHttp {
  /** Until the whole answer is there; the client's own time-out would not count the body. */
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private static final int LONGEST_BODY = 16 * 1024;

  private final HttpClient client;
  private final WeChatSettings settings;
  private final Timer timer;

  WeChatHttp(HttpClient client, WeChatSettings settings, Timer timer) {
    this.client = client;
    this.settings = settings;
    this.timer = timer;
  }

  /** Returns the body of the answer to this GET; every value is percent-encoded here. */
  CompletableFuture<byte[]> get(String path, Map<String, String> query, Deadline deadline) {
    return send(
        host ->
            HttpRequest.newBuilder(host.resolve(path + query(query)))
                .method("GET", new SentOnce(BodyPublishers.noBody()))
                .build(),
        deadline);
  }

  /** Returns the body of the answer to this POST of JSON. */
  CompletableFuture<byte[]> post(
      String path, Map<String, String> query, String json, Deadline deadline) {
    return send(
        host ->
            HttpRequest.newBuilder(host.resolve(path + query(query)))
                .header("Content-Type", "application/json")
                .method("POST", new SentOnce(BodyPublishers.ofString(json)))
                .build(),
        deadline);
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(parameter -> parameter.getKey() + '=' + encoded(parameter.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private CompletableFuture<byte[]> send(Function<URI, HttpRequest> request, Deadline deadline) {
    CompletableFuture<byte[]> first = send(request.apply(settings.apiUrl()), deadline);
    URI fallback = settings.fallbackUrl().orElse(null);
    if (fallback == null) {
      return first;
    }
    return first.exceptionallyCompose(
        failure ->
            WeChatException.of(failure).kind() == UNREACHABLE
                ? send(request.apply(fallback), deadline)
                : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<byte[]> send(HttpRequest request, Deadline deadline) {
    Duration most = deadline.leftAtMost(ANSWER);
    if (most.isZero()) {
      return CompletableFuture.failedFuture(WeChatException.of(TIMEOUT, "no time left to ask"));
    }
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, answer -> new BoundedBody(LONGEST_BODY));
    // cancel() must hit the client's own future, and a time-out set on that one would disarm it
    return timer
        .within(most, sent, () -> WeChatException.of(TIMEOUT, "no whole answer in time"))
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                sent.cancel(true);
                throw translated(Futures.cause(failure));
              }
              if (answer.statusCode() != 200) {
                throw WeChatException.of(MALFORMED, "status=" + answer.statusCode());
              }
              return answer.body();
            });
  }

  private static WeChatException translated(Throwable cause) {
    if (cause instanceof WeChatException e) {
      return e;
    }
    String name = cause.getClass().getSimpleName();
    if (cause instanceof RejectedExecutionException) {
      return WeChatException.of(OVERLOADED, "the executor is closed");
    }
    if (cause instanceof BoundedBody.TooLarge) {
      return WeChatException.of(MALFORMED, "answer over " + LONGEST_BODY + " bytes");
    }
    boolean nothingSent =
        cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof UnresolvedAddressException
            || cause instanceof SSLHandshakeException;
    return nothingSent
        ? WeChatException.of(UNREACHABLE, "nothing could be sent: " + name)
        : WeChatException.of(TIMEOUT, "the connection broke after sending: " + name);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
