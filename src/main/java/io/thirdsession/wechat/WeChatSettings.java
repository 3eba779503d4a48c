package io.thirdsession.wechat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where WeChat is, and the way to it.
 *
 * @param apiUrl scheme, host, port and perhaps the path of a relay, without a slash at its end:
 *     such as {@code https://api.weixin.qq.com}
 * @param fallbackUrl asked only when nothing could be sent to the first
 * @param proxy where a tunnel to WeChat begins
 */
public record WeChatSettings(URI apiUrl, Optional<URI> fallbackUrl, Optional<HttpProxy> proxy) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Returns which of the URLs are reached over a network, and not encrypted. */
  public List<URI> plaintext() {
    return Stream.concat(Stream.of(apiUrl), fallbackUrl.stream())
        .filter(WeChatSettings::isPlaintext)
        .toList();
  }

  /** Returns whether others could read what is sent to this URL. */
  public static boolean isPlaintext(URI url) {
    return !"https".equals(url.getScheme()) && !isOnThisMachine(url);
  }

  /** Returns whether this URL leads back to this machine, as that of the simulator does. */
  public static boolean isOnThisMachine(URI url) {
    return LOOPBACK.contains(url.getHost());
  }

  /** An HTTP proxy. */
  public record HttpProxy(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
