package io.thirdsession.doctor;

import io.thirdsession.http.Message;
import io.thirdsession.wechat.WeChatException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the operator can do about a failure of WeChat's, in both languages. */
final class WeChatCures {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  /** As WeChat says it: {@code invalid ip 192.0.2.1 ipv6 ::ffff:192.0.2.1, not in whitelist}. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "invalid ip ((?:"
              + OCTET
              + "\\.){3}"
              + OCTET
              + "|[0-9A-Fa-f]{1,4}[0-9A-Fa-f:]{2,35})[ ,]");

  private WeChatCures() {}

  static Message of(WeChatException e) {
    return e.errcode().isPresent() ? ofErrcode(e.errcode().getAsInt(), e) : ofKind(e);
  }

  private static Message ofErrcode(int errcode, WeChatException e) {
    return switch (errcode) {
      case 40013, 41002 ->
          new Message(
              "改正 WX_APPS 中的 AppID：微信不认识它", "mend the AppID in WX_APPS: WeChat does not know it");
      case 40125, 41004, 40001 ->
          new Message(
              "改正 WX_APPS 中的 AppSecret：它已被重置，或者属于别的小程序",
              "mend the AppSecret in WX_APPS: it was reset or belongs to another app");
      case 40243 ->
          new Message(
              "在 mp.weixin.qq.com 解冻 AppSecret", "unfreeze the AppSecret at mp.weixin.qq.com");
      case 40164, 61004 -> whitelist(e);
      case 45009, 45011 ->
          new Message("等待微信的调用额度恢复", "wait until WeChat's quota allows calls again");
      case 89501, 89503, 89506, 89507 ->
          new Message(
              "请小程序管理员在 mp.weixin.qq.com 确认本服务器的 IP 地址",
              "let an administrator of the app confirm this server's address at mp.weixin.qq.com");
      case -1 -> new Message("微信系统繁忙，稍后重试", "WeChat is busy: ask again");
      default ->
          new Message(
              "在微信文档中查找该 errcode，并检查 WX_API_URL",
              e.cure().orElse("look the errcode up in WeChat's documentation; check WX_API_URL"));
    };
  }

  private static Message whitelist(WeChatException e) {
    String address = addressIn(String.valueOf(e.getMessage())).map(it -> ' ' + it + ' ').orElse("");
    return new Message(
        "在 mp.weixin.qq.com 的开发设置中，把本服务器的地址" + address + "加入 IP 白名单",
        "add this server's address"
            + address.stripTrailing()
            + " to the IP whitelist (mp.weixin.qq.com > Development settings)");
  }

  /** Returns the IP address that WeChat saw; nothing else of its text. */
  static Optional<String> addressIn(String errmsg) {
    Matcher matcher = ADDRESS.matcher(errmsg);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Message ofKind(WeChatException e) {
    return switch (e.kind()) {
      case UNREACHABLE ->
          new Message(
              "检查防火墙、DNS、WX_API_URL 和 WX_PROXY：本节点必须能访问微信",
              "check firewall, DNS, WX_API_URL and WX_PROXY: this node must reach WeChat");
      case OVERLOADED ->
          new Message(
              "等待几秒后重试；原因见其他微信检查项和日志",
              "ask again in some seconds; the log says what failed before");
      case MALFORMED ->
          new Message(
              "检查 WX_API_URL：回答的不是微信", "check WX_API_URL: what answers there is not WeChat");
      default ->
          new Message("检查到微信的网络，稍后重试", "check the network on the way to WeChat, and ask again");
    };
  }
}
