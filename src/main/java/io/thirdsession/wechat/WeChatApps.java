package io.thirdsession.wechat;

import io.thirdsession.metrics.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The mini programs of WX_APPS, as they are at the moment. Thread-safe. */
public final class WeChatApps {
  private final Supplier<List<WeChatApp>> configured;

  /** Asks this for the apps of the moment; never empty. */
  public WeChatApps(Supplier<List<WeChatApp>> configured) {
    this.configured = configured;
  }

  /** Returns all of them. */
  public List<WeChatApp> all() {
    return configured.get();
  }

  /** Returns the app with this id; empty if it is not configured, or no longer. */
  public Optional<WeChatApp> find(String appId) {
    return configured.get().stream().filter(app -> app.appId().equals(appId)).findFirst();
  }

  /** Returns the id if it is that of a configured app; else the one label of all others. */
  public String label(String appId) {
    return find(appId).map(WeChatApp::appId).orElse(Metrics.OTHER);
  }

  /** Returns the app of those who name none. */
  public WeChatApp first() {
    return configured.get().get(0);
  }
}
