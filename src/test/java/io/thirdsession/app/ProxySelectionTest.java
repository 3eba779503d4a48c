package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.wechat.WeChatSettings.HttpProxy;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxySelectionTest {
  private static final List<String> PROPERTIES =
      List.of("https.proxyHost", "https.proxyPort", "http.proxyHost", "http.proxyPort");
  private static final HttpProxy PROXY = new HttpProxy("proxy.example.com", 3128);

  @AfterEach
  void clear() {
    PROPERTIES.forEach(System::clearProperty);
  }

  @Test
  void onlyWhatIsEncryptedGoesThroughTheProxy() {
    assertEquals(
        List.of(
            new Proxy(
                Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy.example.com", 3128))),
        selected(Optional.of(PROXY), "https://api.weixin.qq.com/sns"));
    assertEquals(
        List.of(Proxy.NO_PROXY), selected(Optional.of(PROXY), "http://127.0.0.1:9090/sns"));
  }

  @Test
  void theProxyOfTheJvmIsUsedIfThereIsNoOtherAndNeverReadsASecret() {
    System.setProperty("https.proxyHost", "proxy-of-the-jvm.example.com");
    System.setProperty("https.proxyPort", "8080");
    System.setProperty("http.proxyHost", "proxy-of-the-jvm.example.com");
    System.setProperty("http.proxyPort", "8080");

    assertEquals(
        8080,
        ((InetSocketAddress)
                selected(Optional.empty(), "https://api.weixin.qq.com/sns").get(0).address())
            .getPort());
    assertEquals(
        3128,
        ((InetSocketAddress)
                selected(Optional.of(PROXY), "https://api.weixin.qq.com/sns").get(0).address())
            .getPort());
    assertEquals(
        List.of(Proxy.NO_PROXY), selected(Optional.empty(), "http://relay.example.com/sns"));
  }

  private static List<Proxy> selected(Optional<HttpProxy> proxy, String url) {
    return HttpClients.forWeChat(Runnable::run, proxy)
        .proxy()
        .orElseThrow()
        .select(URI.create(url));
  }
}
