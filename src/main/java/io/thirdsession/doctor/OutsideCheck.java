package io.thirdsession.doctor;

import static java.util.Map.entry;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import io.thirdsession.http.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Asks this server by PUBLIC_URL, as a phone does: its certificate, and whether what is for back
 * ends is closed. Nothing else is ever asked, and no redirect is followed.
 */
final class OutsideCheck implements Check {
  private static final String TLS = "outside-tls";
  private static final String CLOSED = "outside-closed";
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofDays(14);

  /**
   * What must be closed, and a method that it does not have: where it is open, nobody is refused
   * for missing credentials, which would be written down.
   */
  private static final Map<String, String> FOR_BACK_ENDS =
      new TreeMap<>(
          Map.ofEntries(
              entry("/admin/", "POST"),
              entry("/api/client", "POST"),
              entry("/api/introspect", "GET"),
              entry("/api/sessions/end-all", "GET"),
              entry("/api/users/find", "GET"),
              entry("/api/gateway", "GET"),
              entry("/api/doctor", "POST"),
              entry("/api/events", "POST"),
              entry("/cgi-bin/stable_token", "GET"),
              entry("/metrics", "POST"),
              entry("/api/revoke", "GET"),
              entry("/api;x/introspect", "GET")));

  private final HttpClient client;
  private final DoctorSettings settings;
  private final Timer timer;
  private final Clock clock;

  /** Uses this client, which must not follow redirects. */
  OutsideCheck(HttpClient client, DoctorSettings settings, Timer timer, Clock clock) {
    this.client = client;
    this.settings = settings;
    this.timer = timer;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "outside";
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    if (settings.publicUrl().isEmpty()) {
      return CompletableFuture.completedFuture(
          List.of(
              Finding.warning(
                  name(),
                  new Message(
                      "没有设置 PUBLIC_URL，无法从外部检查",
                      "not looked at from outside: PUBLIC_URL is not set"),
                  new Message("设置 PUBLIC_URL", "set PUBLIC_URL"))));
    }
    String url = settings.publicUrl().get();
    List<CompletableFuture<Finding>> found = new ArrayList<>();
    if (url.startsWith("https://")) {
      found.add(send(url + "/healthz", "GET", deadline).handle(this::certificate));
    }
    found.add(closed(url, deadline));
    return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
        .thenApply(ended -> found.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Finding> closed(String url, Deadline deadline) {
    Map<String, CompletableFuture<Integer>> statuses = new TreeMap<>();
    FOR_BACK_ENDS.forEach(
        (path, method) ->
            statuses.put(
                path,
                send(url + path, method, deadline)
                    .handle((response, failure) -> failure == null ? response.statusCode() : 0)));
    return CompletableFuture.allOf(statuses.values().toArray(CompletableFuture[]::new))
        .thenApply(ended -> closed(url, statuses));
  }

  private static Finding closed(String url, Map<String, CompletableFuture<Integer>> statuses) {
    List<String> open =
        statuses.entrySet().stream()
            .filter(its -> isOpen(its.getValue().join()))
            .map(its -> its.getKey() + " (" + its.getValue().join() + ")")
            .toList();
    String list = String.join(", ", open);
    if (!open.isEmpty()) {
      return Finding.failed(
          CLOSED,
          new Message("后端接口可从外部访问：" + list, "calls for back ends are open to the outside: " + list),
          new Message(
              "在代理中关闭它们，配置见 operations.md 的 Behind nginx",
              "close them in the proxy, as in operations.md, Behind nginx"));
    }
    if (statuses.values().stream().anyMatch(status -> status.join() == 0)) {
      return Finding.warning(
          CLOSED,
          new Message(
              "本节点无法完整访问 " + url + "，未能检查后端接口是否关闭",
              "not looked at: this node has no response from " + url),
          new Message(
              "检查 PUBLIC_URL、DNS 和防火墙；如果内网本来就不能访问，请从外部用 curl 检查",
              "check PUBLIC_URL, DNS and firewall; if it cannot be reached from inside, ask with curl"
                  + " from outside"));
    }
    return Finding.ok(
        CLOSED, new Message("后端接口对外关闭", "calls for back ends are closed to the outside"));
  }

  private static boolean isOpen(int status) {
    return status != 0 && status != 404 && status != 403;
  }

  private Finding certificate(@Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
    if (response == null) {
      return noTls(failure == null ? new TimeoutException() : Futures.cause(failure));
    }
    SSLSession session = response.sslSession().orElseThrow();
    Instant end;
    try {
      end =
          Arrays.stream(session.getPeerCertificates())
              .filter(X509Certificate.class::isInstance)
              .map(its -> ((X509Certificate) its).getNotAfter().toInstant())
              .min(Instant::compareTo)
              .orElseThrow();
    } catch (SSLPeerUnverifiedException e) {
      return noTls(e);
    }
    long days = Duration.between(clock.instant(), end).toDays();
    Message found =
        new Message(
            session.getProtocol() + "，证书还有 " + days + " 天到期",
            session.getProtocol() + ", the certificate expires in " + days + " days");
    return clock.instant().plus(SOON).isBefore(end)
        ? Finding.ok(TLS, found)
        : Finding.warning(TLS, found, new Message("更新证书", "renew the certificate"));
  }

  private static Finding noTls(Throwable cause) {
    String name = cause.getClass().getSimpleName();
    if (!(cause instanceof SSLException)) {
      return Finding.warning(
          TLS,
          new Message(
              "本节点无法访问 PUBLIC_URL：" + name, "not looked at: PUBLIC_URL has no response: " + name),
          new Message("检查 PUBLIC_URL、DNS 和防火墙", "check PUBLIC_URL, DNS and firewall"));
    }
    if (isOfCertificates(cause)) {
      return Finding.failed(
          TLS,
          new Message(
              "证书不被信任，可能缺少中间证书、已过期或域名不符",
              "the certificate is not trusted: its chain is incomplete, it has expired or is another"
                  + " host's"),
          new Message(
              "在代理中使用包含中间证书的 fullchain.pem，并检查到期日和域名",
              "let the proxy send fullchain.pem, with the intermediate certificates; see its dates and"
                  + " names"));
    }
    return Finding.failed(
        TLS,
        new Message("TLS 握手失败：" + name, "no TLS 1.2 or newer: " + name),
        new Message(
            "在代理中启用 ssl_protocols TLSv1.2 TLSv1.3", "let the proxy speak TLSv1.2 and TLSv1.3"));
  }

  /** The client wraps what the handshake threw, and that what the certificates are accused of. */
  private static boolean isOfCertificates(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(10)
        .anyMatch(GeneralSecurityException.class::isInstance);
  }

  private CompletableFuture<HttpResponse<Void>> send(String url, String method, Deadline deadline) {
    CompletableFuture<HttpResponse<Void>> sent =
        client.sendAsync(
            HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    return timer
        .within(deadline.leftAtMost(ANSWER), sent, TimeoutException::new)
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                sent.cancel(true);
              }
            });
  }
}
