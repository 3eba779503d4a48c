package io.thirdsession.login;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out which of the mini programs a request is for. Thread-safe. */
public final class AppChooser {
  private static final Logger log = LoggerFactory.getLogger(AppChooser.class);

  /** What WeChat puts into every request of a mini program; a hint, for anybody can send it. */
  private static final Pattern REFERER =
      Pattern.compile("https://servicewechat\\.com/(" + WeChatId.TEXT + ")/.*");

  private final WeChatApps configured;

  public AppChooser(WeChatApps configured) {
    this.configured = configured;
  }

  /**
   * Returns the app that the client named, else the one in the Referer if it is configured, else
   * the first. A wrong guess costs a code that WeChat refuses, never an identity.
   *
   * @throws ApiException if the client named one that is not configured
   */
  public WeChatApp choose(Optional<String> named, Optional<String> referer, RequestFacts facts) {
    Optional<WeChatApp> hinted =
        referer
            .map(REFERER::matcher)
            .filter(Matcher::matches)
            .flatMap(matcher -> configured.find(matcher.group(1)));
    if (named.isPresent()) {
      WeChatApp app =
          configured
              .find(named.get())
              .orElseThrow(
                  () -> ApiException.invalid("appId", "must be the appid of an app in WX_APPS"));
      if (hinted.isPresent() && !hinted.get().appId().equals(app.appId())) {
        log.warn(
            "app mismatch named={} referer={} request={}",
            app.appId(),
            hinted.get().appId(),
            facts.loggedId());
      }
      return app;
    }
    return hinted.orElseGet(configured::first);
  }

  /**
   * Returns the app as {@link #choose} does, for clients that may name anything: an app that is not
   * configured counts as none.
   */
  public WeChatApp chooseLeniently(
      Optional<String> named, Optional<String> referer, RequestFacts facts) {
    return choose(named.filter(appId -> configured.find(appId).isPresent()), referer, facts);
  }
}
