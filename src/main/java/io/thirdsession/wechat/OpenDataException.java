package io.thirdsession.wechat;

/**
 * Open data cannot be used. The reason is for the operator's log alone: to whoever sent the data,
 * every reason must look the same, for the difference between two of them decrypts anything.
 */
public final class OpenDataException extends RuntimeException {
  private final Reason reason;

  /** Says why, and nothing of the data. */
  public OpenDataException(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Why, with a cure in one line of English and one of Chinese. */
  public enum Reason {
    /** Not base64, an iv that has not 16 bytes, a length that no ciphertext has. */
    MALFORMED(
        "send encryptedData and iv as the event gave them, in a JSON body",
        "请原样上传事件里的 encryptedData 和 iv，使用 JSON 请求体"),
    /** No key that we hold opens it. */
    WRONG_KEY(
        "call wx.login before the tap, not in its callback; or a plugin has called it since",
        "请在用户点击之前调用 wx.login，不要在回调里调用；也可能是插件又调用过 wx.login"),
    /** The key before the current one opens it, but was replaced too long ago. */
    PREVIOUS_KEY_EXPIRED(
        "the data is older than the latest login by more than 10 minutes; let the user tap again",
        "数据是最近一次登录的 10 分钟之前产生的，请让用户重新点击"),
    /** Too many failures under this key: it rests for an hour. */
    QUARANTINED(
        "five failures under one session_key: log in anew, or somebody is guessing",
        "同一个 session_key 已失败五次，请重新登录；若不是代码用错，可能有人在恶意尝试"),
    /** There is no watermark in it. */
    NO_WATERMARK("this is not WeChat's open data", "这不是微信的开放数据"),
    /** It was made for another app. */
    FOREIGN_APP(
        "the data is of another appid; check the appid in DevTools",
        "数据属于另一个 AppID，请检查开发者工具中的 AppID"),
    /** Its time is too far from ours. */
    STALE("older than 5 minutes, or the server's clock is wrong", "数据超过 5 分钟，或者服务器时钟不准"),
    /** It is something else than a phone number, perhaps a forged one. */
    NO_PHONE_DATA(
        "this is not what the phone button gives; or somebody forges a number",
        "这不是手机号按钮返回的数据；也可能有人在伪造手机号"),
    /** WeChat says that it has not made it: forged, or of another app. */
    NOT_OF_WECHAT(
        "WeChat does not know this data (PHONE_ENCRYPTED=checked); somebody may be forging",
        "这份数据不是微信生成的（PHONE_ENCRYPTED=checked），可能有人在伪造"),
    /** It is another user's. */
    FOREIGN_OPENID("the data is of another user", "数据属于另一个用户");

    private final String cure;
    private final String cureChinese;

    Reason(String cure, String cureChinese) {
      this.cure = cure;
      this.cureChinese = cureChinese;
    }

    /** Returns one line of English and Chinese for whoever can mend it. */
    public String cure() {
      return cure + " / " + cureChinese;
    }
  }
}
