package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.MALFORMED;
import static io.thirdsession.wechat.WeChatException.Kind.OVERLOADED;
import static io.thirdsession.wechat.WeChatException.Kind.TIMEOUT;
import static io.thirdsession.wechat.WeChatException.Kind.UNREACHABLE;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;

/**
 * One HTTP call to WeChat that holds no thread: sent once, given up if there is no response in
 * time, its body bounded. Fails with {@link WeChatException} only, whose text holds nothing of the
 * URL, because the URL bears the AppSecret or an access_token. Thread-safe.
 */
final class WeChatHttp {
  /** Until the whole answer is there; the client's own time-out would not count the body. */
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private static final int MAX_BODY_LENGTH = 16 * 1024;

  /** How the JDK begins to say which status a proxy refused a tunnel with. */
  private static final String TUNNEL_REFUSED = "Tunnel failed";

  private final HttpClient client;
  private final WeChatSettings settings;
  private final Timer timer;
  private final ServerDate date = new ServerDate();

  WeChatHttp(HttpClient client, WeChatSettings settings, Timer timer) {
    this.client = client;
    this.settings = settings;
    this.timer = timer;
  }

  /** Returns the date that the responses bear. */
  ServerDate date() {
    return date;
  }

  /** Returns the body of the answer to this GET; every value is percent-encoded here. */
  CompletableFuture<byte[]> get(String path, Map<String, String> query, Deadline deadline) {
    return send(new Call(path + query(query), "GET", BodyPublishers.noBody()), deadline);
  }

  /** Returns the body of the answer to this POST of JSON. */
  CompletableFuture<byte[]> post(
      String path, Map<String, String> query, String json, Deadline deadline) {
    return send(new Call(path + query(query), "POST", BodyPublishers.ofString(json)), deadline);
  }

  private static String query(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(parameter -> parameter.getKey() + '=' + encoded(parameter.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private CompletableFuture<byte[]> send(Call call, Deadline deadline) {
    CompletableFuture<byte[]> first = send(call, settings.apiUrl(), deadline);
    URI fallback = settings.fallbackUrl().orElse(null);
    if (fallback == null) {
      return first;
    }
    return first.exceptionallyCompose(
        failure ->
            WeChatException.of(failure).kind() == UNREACHABLE
                ? send(call, fallback, deadline)
                : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<byte[]> send(Call call, URI host, Deadline deadline) {
    Duration most = deadline.leftAtMost(ANSWER);
    if (most.isZero()) {
      return CompletableFuture.failedFuture(WeChatException.of(TIMEOUT, "no time left to ask"));
    }
    SentOnce body = new SentOnce(call.body());
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(call.to(host, body), response -> new BoundedBody(MAX_BODY_LENGTH));
    // cancel() must hit the client's own future, and a time-out set on that one would disarm it
    return timer
        .within(most, sent, () -> WeChatException.of(TIMEOUT, "no whole answer in time"))
        .handle(
            (response, failure) -> {
              if (failure != null) {
                sent.cancel(true);
                Throwable cause = Futures.cause(failure);
                boolean neverSent = body.prevent() || cause instanceof SSLHandshakeException;
                throw neverSent ? neverSent(cause) : broken(cause);
              }
              if (response.statusCode() != 200 && body.prevent()) {
                throw neverSent("the proxy says status=" + response.statusCode());
              }
              date.seen(response.headers());
              if (response.statusCode() != 200) {
                throw WeChatException.of(MALFORMED, "status=" + response.statusCode());
              }
              return response.body();
            });
  }

  /** Returns the failure of a call that got no connection to WeChat. */
  private WeChatException neverSent(Throwable cause) {
    if (cause instanceof RejectedExecutionException) {
      return WeChatException.of(OVERLOADED, "the executor is closed");
    }
    if (cause instanceof WeChatException) {
      return neverSent("no connection in time");
    }
    String name = cause.getClass().getSimpleName();
    String message = String.valueOf(cause.getMessage());
    return neverSent(message.startsWith(TUNNEL_REFUSED) ? name + ": " + message : name);
  }

  private WeChatException neverSent(String reason) {
    String through = settings.proxy().map(its -> " through the proxy " + its).orElse("");
    return WeChatException.of(UNREACHABLE, "nothing could be sent" + through + ": " + reason);
  }

  /** Returns the failure of a call that has, or may have, reached WeChat. */
  private static WeChatException broken(Throwable cause) {
    if (cause instanceof WeChatException e) {
      return e;
    }
    if (cause instanceof BoundedBody.TooLarge) {
      return WeChatException.of(MALFORMED, "answer over " + MAX_BODY_LENGTH + " bytes");
    }
    return WeChatException.of(
        TIMEOUT, "the connection broke after sending: " + cause.getClass().getSimpleName());
  }

  /** A request, but for the host that it goes to. */
  private record Call(String target, String method, BodyPublisher body) {
    HttpRequest to(URI host, SentOnce body) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(host + target)).method(method, body);
      if (method.equals("POST")) {
        request.header("Content-Type", "application/json");
      }
      return request.build();
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
