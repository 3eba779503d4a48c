package io.thirdsession.app;

import io.thirdsession.wechat.WeChatSettings.HttpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Makes the HTTP client that calls WeChat. */
final class HttpClients {
  private static final Duration CONNECTING = Duration.ofSeconds(1);

  /**
   * How long an idle connection is kept, in seconds, for every HTTP client of this JVM that is made
   * later. JDK 17 has 20 minutes; a NAT on the way forgets a silent connection sooner without a
   * word to either side, and who is given that connection waits in vain.
   */
  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  private static final String KEEP_ALIVE_SECONDS = "20";

  /**
   * How large the three buffers are that each connection has, in bytes, likewise. JDK 17 has
   * 16,384; WeChat's responses have some hundred, and a crowd that logs in has a connection each.
   */
  private static final String BUFFER_SIZE = "jdk.httpclient.bufsize";

  private static final String BUFFER_BYTES = "4096";

  private HttpClients() {}

  /**
   * Returns a new client.
   *
   * @param executor runs its callbacks
   * @param proxy tunnels to WeChat; if there is none, that of the JVM, if there is one
   */
  static HttpClient forWeChat(Executor executor, Optional<HttpProxy> proxy) {
    // read once, by the first client in the JVM; what the operator says stands
    System.getProperties().putIfAbsent(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
    System.getProperties().putIfAbsent(BUFFER_SIZE, BUFFER_BYTES);
    // the client's selector thread must not hold on to our class loader after a redeploy
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECTING)
          .executor(executor)
          .proxy(new TunnelsOnly(proxy.map(HttpClients::selector)))
          .build();
    } finally {
      thread.setContextClassLoader(ours);
    }
  }

  private static ProxySelector selector(HttpProxy proxy) {
    return ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
  }

  /** Sends nothing through a proxy that it could read: its URLs bear the AppSecret. */
  private static final class TunnelsOnly extends ProxySelector {
    private final Optional<ProxySelector> tunnels;

    TunnelsOnly(Optional<ProxySelector> tunnels) {
      this.tunnels = tunnels.or(() -> Optional.ofNullable(ProxySelector.getDefault()));
    }

    @Override
    public List<Proxy> select(URI uri) {
      return uri.getScheme().equals("https") && tunnels.isPresent()
          ? tunnels.get().select(uri)
          : List.of(Proxy.NO_PROXY);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // whoever made the call is told
    }
  }
}
