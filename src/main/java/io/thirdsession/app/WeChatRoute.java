package io.thirdsession.app;

import static io.thirdsession.app.Setting.WX_API_FALLBACK_URL;
import static io.thirdsession.app.Setting.WX_API_PLAINTEXT;
import static io.thirdsession.app.Setting.WX_API_URL;
import static io.thirdsession.app.Setting.WX_PROXY;

import io.thirdsession.wechat.WeChatSettings;
import io.thirdsession.wechat.WeChatSettings.HttpProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads where WeChat is, and the way to it. */
final class WeChatRoute {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");
  private static final int MAX_PORT = 65_535;

  private final SettingValues values;

  WeChatRoute(SettingValues values) {
    this.values = values;
  }

  /** Returns the settings; a proxy is never given plaintext, which bears the AppSecret. */
  WeChatSettings read() {
    boolean plaintext = values.bool(WX_API_PLAINTEXT);
    WeChatSettings settings =
        new WeChatSettings(
            url(WX_API_URL, plaintext).orElse(URI.create(WX_API_URL.byDefault())),
            url(WX_API_FALLBACK_URL, plaintext),
            proxy());
    if (settings.proxy().isPresent() && !settings.plaintext().isEmpty()) {
      values.fault(
          WX_PROXY, "must not be set beside an http URL of WeChat: it would read the AppSecret");
    }
    return settings;
  }

  private Optional<URI> url(Setting setting, boolean plaintext) {
    String value = values.text(setting);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> url = parsed(value);
    if (url.filter(WeChatRoute::isBare).isEmpty()) {
      values.fault(setting, "must be https://host[:port][/path], without user and query");
      return Optional.empty();
    }
    if (!plaintext && url.filter(WeChatSettings::isPlaintext).isPresent()) {
      values.fault(
          setting, "must be https, or http to localhost, or allowed by " + WX_API_PLAINTEXT);
    }
    return url;
  }

  private Optional<HttpProxy> proxy() {
    String value = values.text(WX_PROXY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Optional<URI> url =
        parsed(value.contains("://") ? value : "http://" + value)
            .filter(its -> isBare(its) && its.getScheme().equals("http"))
            .filter(its -> its.getPort() > 0 && its.getPort() <= MAX_PORT)
            .filter(its -> its.getPath().isEmpty());
    if (url.isEmpty()) {
      values.fault(WX_PROXY, "must be http://host:port, without user and path");
    }
    return url.map(its -> new HttpProxy(its.getHost(), its.getPort()));
  }

  private static Optional<URI> parsed(String url) {
    try {
      return Optional.of(new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url));
    } catch (URISyntaxException ignored) { // its message would quote the value
      return Optional.empty();
    }
  }

  /** Nothing but scheme, host, port and a path that is what it looks like. */
  private static boolean isBare(URI url) {
    return Set.of("http", "https").contains(String.valueOf(url.getScheme()))
        && url.getHost() != null
        && url.getUserInfo() == null
        && url.getRawQuery() == null
        && url.getRawFragment() == null
        && PATH.matcher(url.getRawPath()).matches()
        && url.normalize().equals(url);
  }
}
