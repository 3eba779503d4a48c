package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL by which clients reach this server: PUBLIC_URL, else what a trusted proxy says of the
 * client's request, else the request's own. Immutable.
 */
public final class BaseUrl {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");
  private static final Pattern SCHEME = Pattern.compile("https?");

  private final Optional<String> configured;

  /** Always uses the configured URL, if there is one; without a trailing slash. */
  public BaseUrl(Optional<String> configured) {
    this.configured = configured;
  }

  /** Returns scheme, host and port, and the path of the context; no trailing slash. */
  String of(HttpServletRequest request, TrustedProxies proxies) {
    return configured.orElseGet(() -> asRequested(request, proxies.isTrusted(request)));
  }

  private static String asRequested(HttpServletRequest request, boolean throughProxy) {
    Optional<String> scheme = Optional.empty();
    Optional<String> host = Optional.empty();
    if (throughProxy) {
      scheme =
          first(request, "X-Forwarded-Proto")
              .map(value -> value.toLowerCase(Locale.ROOT))
              .filter(SCHEME.asMatchPredicate());
      host = first(request, "X-Forwarded-Host").filter(HOST.asMatchPredicate());
    }
    return scheme.orElse(request.getScheme())
        + "://"
        + host.or(() -> first(request, "Host").filter(HOST.asMatchPredicate())).orElse("localhost")
        + request.getContextPath();
  }

  /** Returns the first of the values in a header, which is the one nearest to the client. */
  private static Optional<String> first(HttpServletRequest request, String name) {
    @Nullable String value = request.getHeader(name);
    return value == null
        ? Optional.empty()
        : Optional.of(value.split(",", 2)[0].strip()).filter(text -> !text.isEmpty());
  }
}
