package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.http.Forwarding;
import io.thirdsession.http.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Settings that are allowed and seldom meant, and what the proxies in front really send. */
final class SettingsCheck implements Check {
  private static final String CONTEXT = "context-path";
  private static final String PUBLIC_URL = "public-url";
  private static final String PROXIES = "proxies";
  private static final String RATE_LIMITS = "rate-limits";
  private static final String SESSIONS = "sessions";

  /** A phone that was used daily should not have to log in each day. */
  private static final Duration MIN_IDLE = Duration.ofMinutes(10);

  private static final Duration MAX_ABSOLUTE = Duration.ofDays(180);

  private final DoctorSettings settings;

  SettingsCheck(DoctorSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "settings";
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    return CompletableFuture.completedFuture(
        List.of(
            context(asked.contextPath()),
            publicUrl(),
            proxies(asked.forwarding()),
            rateLimits(),
            sessions()));
  }

  private static Finding context(String path) {
    return path.isEmpty()
        ? Finding.ok(CONTEXT, new Message("部署在根路径", "the server is deployed as ROOT"))
        : Finding.failed(
            CONTEXT,
            new Message("所有路径都以 " + path + " 开头", "all paths begin with " + path),
            new Message("在 Tomcat 中部署为 ROOT.war", "deploy the WAR as ROOT.war in Tomcat"));
  }

  private Finding publicUrl() {
    String url = settings.publicUrl().orElse("");
    if (url.isEmpty()) {
      return Finding.warning(
          PUBLIC_URL,
          new Message(
              "没有设置 PUBLIC_URL，图片的网址只能取自每个请求",
              "PUBLIC_URL is not set: URLs of pictures begin as that of each request"),
          new Message(
              "设置 PUBLIC_URL=https://小程序访问的域名",
              "set PUBLIC_URL=https://the-host-that-phones-call"));
    }
    return url.startsWith("https://")
        ? Finding.ok(PUBLIC_URL, new Message("PUBLIC_URL 是 " + url, "PUBLIC_URL is " + url))
        : Finding.failed(
            PUBLIC_URL,
            new Message(
                "PUBLIC_URL 不是 https，小程序无法访问：" + url,
                "PUBLIC_URL is not https, which phones refuse: " + url),
            new Message("改为 https:// 开头的网址", "let it begin with https://"));
  }

  private static Finding proxies(Forwarding way) {
    if (!way.headers()) {
      return way.trusted()
          ? Finding.failed(
              PROXIES,
              new Message(
                  "受信任的代理 " + way.peer() + " 没有发送 X-Forwarded-For，所有用户会被当作同一个地址",
                  "the trusted proxy "
                      + way.peer()
                      + " sends no X-Forwarded-For: all users count as one address"),
              new Message(
                  "在代理中设置 X-Forwarded-For；如果是直接访问本节点，请经由代理再查一次",
                  "let the proxy send it; if you asked this node itself, ask through the proxy"))
          : Finding.ok(
              PROXIES,
              new Message(
                  "本请求直接来自 " + way.peer() + "，没有经过代理",
                  "this request came straight from " + way.peer() + ", through no proxy"));
    }
    if (!way.trusted()) {
      return Finding.failed(
          PROXIES,
          new Message(
              way.peer() + " 发送了 X-Forwarded-For，但不在 TRUSTED_PROXIES 中，真实地址被忽略",
              way.peer()
                  + " sends X-Forwarded-For and is not in TRUSTED_PROXIES: the users' addresses are"
                  + " ignored"),
          new Message(
              "如果它是你的代理，把 " + way.peer() + " 加入 TRUSTED_PROXIES",
              "if it is your proxy, add " + way.peer() + " to TRUSTED_PROXIES"));
    }
    if (!way.readable()) {
      return Finding.failed(
          PROXIES,
          new Message(
              way.peer() + " 发送的 X-Forwarded-For 不是 IP 地址，所有用户会被当作同一个地址",
              "X-Forwarded-For from "
                  + way.peer()
                  + " holds something other than IP addresses: all users count as one"),
          new Message(
              "让代理在 X-Forwarded-For 中只写客户端的 IP 地址",
              "let the proxy write only the client's IP address"));
    }
    return way.ports()
        ? Finding.warning(
            PROXIES,
            new Message(
                way.peer() + " 在 X-Forwarded-For 中带有端口；能够识别，但其他程序未必",
                "X-Forwarded-For from "
                    + way.peer()
                    + " has a port: it is understood here, and not by every program"),
            new Message("让代理只写 IP 地址", "let the proxy write the IP address alone"))
        : Finding.ok(
            PROXIES,
            new Message(
                "X-Forwarded-For 来自受信任的代理 " + way.peer(),
                "X-Forwarded-For comes from the trusted proxy " + way.peer()));
  }

  private Finding rateLimits() {
    return settings.rateLimited()
        ? Finding.ok(RATE_LIMITS, new Message("已启用限流", "rates are limited"))
        : Finding.warning(
            RATE_LIMITS,
            new Message(
                "RATE_LIMITS=off，密码猜测和登录次数不受限制",
                "RATE_LIMITS is off: guesses of secrets and logins are not limited"),
            new Message(
                "删除 RATE_LIMITS=off，使用默认值", "remove RATE_LIMITS=off; the defaults will do"));
  }

  private Finding sessions() {
    Duration idle = settings.sessionIdle();
    Duration absolute = settings.sessionAbsolute();
    if (idle.compareTo(MIN_IDLE) < 0 || absolute.compareTo(MAX_ABSOLUTE) > 0) {
      return Finding.warning(
          SESSIONS,
          new Message(
              "SESSION_IDLE 为 " + shown(idle) + "，SESSION_ABSOLUTE 为 " + shown(absolute) + "，不常见",
              "SESSION_IDLE is "
                  + shown(idle)
                  + " and SESSION_ABSOLUTE "
                  + shown(absolute)
                  + ", which is seldom meant"),
          new Message(
              "SESSION_IDLE 至少 10 分钟，否则用户频繁登录；SESSION_ABSOLUTE 至多 180 天，否则令牌泄露后长期有效",
              "SESSION_IDLE of 10m or more, or users log in all the time; SESSION_ABSOLUTE of 180d or"
                  + " less, or a stolen token is good for long"));
    }
    return Finding.ok(
        SESSIONS,
        new Message(
            "会话闲置 " + shown(idle) + "、最长 " + shown(absolute) + "后结束",
            "sessions end after " + shown(idle) + " without use, and after " + shown(absolute)));
  }

  private static String shown(Duration duration) {
    return duration.toDays() > 0
        ? duration.toDays() + " d"
        : duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
  }
}
