package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.http.Message;
import io.thirdsession.wechat.AccessToken;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import io.thirdsession.wechat.WeChatException;
import io.thirdsession.wechat.WeChatException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What WeChat says of each app. A code that was never given out is exchanged: WeChat looks at the
 * AppSecret first, and refuses the code only if that is right. An access_token that is good is not
 * fetched anew.
 */
final class WeChatCheck implements Check {
  private static final String SECRET = "wechat-secret";
  private static final String TOKEN = "wechat-token";
  private static final String CLOCK = "wechat-clock";
  private static final String CALLS = "wechat-calls";

  private static final String NO_CODE = "0thirdsession0doctor000000000000";
  private static final Duration LONGEST = Duration.ofSeconds(7);
  private static final Duration MAX_SKEW = Duration.ofSeconds(30);
  private static final int NOT_ASKED = 2;

  private final WeChatClient weChat;
  private final WeChatApps apps;
  private final Clock clock;

  WeChatCheck(WeChatClient weChat, WeChatApps apps, Clock clock) {
    this.weChat = weChat;
    this.apps = apps;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "wechat";
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    Deadline ours = Deadline.in(LONGEST).orEarlier(deadline);
    List<CompletableFuture<Finding>> found = new ArrayList<>();
    for (WeChatApp app : apps.all()) {
      found.add(secret(app, ours));
      found.add(token(app, ours));
    }
    return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
        .thenApply(
            ended -> {
              List<Finding> all =
                  found.stream()
                      .map(CompletableFuture::join)
                      .collect(Collectors.toCollection(ArrayList::new));
              all.add(clock());
              all.add(calls());
              return all;
            });
  }

  private CompletableFuture<Finding> secret(WeChatApp app, Deadline deadline) {
    return weChat
        .codeToSession(app, NO_CODE, deadline)
        .handle(
            (session, failure) ->
                failure == null ? anyCode(app) : secret(app, WeChatException.of(failure)));
  }

  private static Finding secret(WeChatApp app, WeChatException e) {
    if (e.kind() == Kind.CODE_REFUSED) {
      return Finding.ok(
          SECRET,
          new Message(
              app.appId() + " 的 AppSecret 正确", "the AppSecret of " + app.appId() + " is right"));
    }
    return refused(SECRET, app, e);
  }

  /** What takes any code takes anybody for anybody. */
  private static Finding anyCode(WeChatApp app) {
    return Finding.warning(
        SECRET,
        new Message(
            "WX_API_URL 接受任何登录凭证（" + app.appId() + "）：这是模拟器，不是微信",
            "WX_API_URL takes any login code for " + app.appId() + ": a simulator, not WeChat"),
        new Message("生产环境删除 WX_API_URL", "in production, remove WX_API_URL"));
  }

  private CompletableFuture<Finding> token(WeChatApp app, Deadline deadline) {
    return weChat
        .accessTokens()
        .get(app, deadline)
        .handle((token, failure) -> token(app, token, failure));
  }

  private Finding token(WeChatApp app, @Nullable AccessToken token, @Nullable Throwable failure) {
    if (token == null) {
      return refused(TOKEN, app, WeChatException.of(failure == null ? noToken() : failure));
    }
    Instant now = clock.instant();
    String age = Duration.between(token.fetchedAt(), now).toSeconds() + " s";
    String left = Duration.between(now, token.expiresAt()).toSeconds() + " s";
    Optional<WeChatException> latest = weChat.accessTokens().latestFailure(app);
    if (latest.isPresent()) {
      return Finding.warning(
          TOKEN,
          new Message(
              app.appId() + " 的 access_token 还剩 " + left + "，刷新失败：" + latest.get().getMessage(),
              "the access_token of "
                  + app.appId()
                  + " expires in "
                  + left
                  + ", and the next was refused: "
                  + latest.get().getMessage()),
          WeChatCures.of(latest.get()));
    }
    return Finding.ok(
        TOKEN,
        new Message(
            app.appId() + " 的 access_token 已用 " + age + "，还剩 " + left,
            "the access_token of " + app.appId() + " is " + age + " old and expires in " + left));
  }

  private static Throwable noToken() {
    return new IllegalStateException("neither a token nor a failure");
  }

  private static Finding refused(String name, WeChatApp app, WeChatException e) {
    Message found =
        new Message(app.appId() + "：" + e.getMessage(), app.appId() + ": " + e.getMessage());
    return switch (e.kind()) {
      case RATE_LIMITED, QUOTA_EXHAUSTED, BUSY, OVERLOADED, TIMEOUT ->
          Finding.warning(name, found, WeChatCures.of(e));
      default -> Finding.failed(name, found, WeChatCures.of(e));
    };
  }

  private Finding clock() {
    Optional<Duration> ahead = weChat.clockAhead();
    if (ahead.isEmpty()) {
      return Finding.warning(
          CLOCK,
          new Message("微信的响应没有 Date，未比较时钟", "not looked at: no response of WeChat's had a Date"),
          new Message("等微信可以访问后重试", "ask again once WeChat can be reached"));
    }
    String seconds = ahead.get().toSeconds() + " s";
    Message found =
        new Message(
            "本节点的时钟比微信快 " + seconds, "this node's clock is " + seconds + " ahead of WeChat's");
    return ahead.get().abs().compareTo(MAX_SKEW) <= 0
        ? Finding.ok(CLOCK, found)
        : Finding.failed(
            CLOCK,
            found,
            new Message(
                "在节点上启用时间同步（chrony、NTP）；否则加密数据会被当作过期",
                "let chrony or NTP set this node's clock: encrypted data counts as stale"));
  }

  private Finding calls() {
    String shut =
        weChat.breakers().stream()
            .filter(its -> its.value() == NOT_ASKED)
            .map(its -> its.labels().get(0))
            .collect(Collectors.joining(", "));
    return shut.isEmpty()
        ? Finding.ok(CALLS, new Message("正在正常调用微信", "WeChat is asked"))
        : Finding.warning(
            CALLS,
            new Message("多数调用失败，暂停调用微信：" + shut, "most calls failed, WeChat is not asked: " + shut),
            new Message(
                "每 2 秒自动重试；检查到微信的网络",
                "one call tries every 2 s; check the network on the way to WeChat"));
  }
}
