package io.thirdsession.wechat;

import java.util.regex.Pattern;

/** What an appid, an openid and a unionid look like. */
public final class WeChatId {
  /** The form as a part of a larger one. */
  public static final String TEXT = "[A-Za-z0-9_-]{1,64}";

  /** The whole of an id. */
  public static final Pattern PATTERN = Pattern.compile(TEXT);

  private WeChatId() {}
}
