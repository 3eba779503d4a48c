package io.thirdsession.login;

import io.thirdsession.http.ApiException;
import io.thirdsession.wechat.WeChatApp;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mini programs of WX_APPS, and which of them a request is for. Thread-safe. */
public final class Apps {
  private static final Logger log = LoggerFactory.getLogger(Apps.class);

  /** What WeChat puts into every request of a mini program; a hint, for anybody can send it. */
  private static final Pattern REFERER =
      Pattern.compile("https://servicewechat\\.com/([A-Za-z0-9_-]{1,64})/.*");

  private final Supplier<List<WeChatApp>> configured;

  /** Asks this for the apps of the moment; never empty. */
  public Apps(Supplier<List<WeChatApp>> configured) {
    this.configured = configured;
  }

  /**
   * Returns the app that the client named, else the one in the Referer if it is configured, else
   * the first. A wrong guess costs a code that WeChat refuses, never an identity.
   *
   * @throws ApiException if the client named one that is not configured
   */
  public WeChatApp choose(Optional<String> named, Optional<String> referer) {
    List<WeChatApp> apps = configured.get();
    Optional<WeChatApp> hinted =
        referer
            .map(REFERER::matcher)
            .filter(Matcher::matches)
            .flatMap(matcher -> find(apps, matcher.group(1)));
    if (named.isPresent()) {
      WeChatApp app =
          find(apps, named.get())
              .orElseThrow(() -> ApiException.invalid("appId", "is not in WX_APPS"));
      if (hinted.isPresent() && !hinted.get().appId().equals(app.appId())) {
        log.warn("app mismatch named={} referer={}", app.appId(), hinted.get().appId());
      }
      return app;
    }
    return hinted.orElse(apps.get(0));
  }

  private static Optional<WeChatApp> find(List<WeChatApp> apps, String appId) {
    return apps.stream().filter(app -> app.appId().equals(appId)).findFirst();
  }
}
