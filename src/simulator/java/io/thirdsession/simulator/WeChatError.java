package io.thirdsession.simulator;

import java.util.stream.Stream;

/** The errcodes that the simulator gives by itself, with WeChat's English texts. */
enum WeChatError {
  BUSY(-1, "system error"),
  NO_SUCH_DATA(1, "no such encrypted data"),
  INVALID_CREDENTIAL(
      40001,
      "invalid credential, access_token is invalid or not latest, could get access_token by"
          + " getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"),
  INVALID_GRANT_TYPE(40002, "invalid grant_type"),
  INVALID_OPENID(40003, "invalid openid"),
  INVALID_APPID(40013, "invalid appid"),
  INVALID_ACCESS_TOKEN(40014, "invalid access_token"),
  INVALID_CODE(40029, "invalid code"),
  INVALID_URL(40066, "invalid url"),
  INVALID_APPSECRET(40125, "invalid appsecret"),
  CODE_USED(40163, "code been used"),
  CODE_BLOCKED(40226, "code blocked"),
  ACCESS_TOKEN_MISSING(41001, "access_token missing"),
  APPID_MISSING(41002, "appid missing"),
  APPSECRET_MISSING(41004, "appsecret missing"),
  CODE_MISSING(41008, "missing code"),
  OPENID_MISSING(41009, "missing openid"),
  ACCESS_TOKEN_EXPIRED(42001, "access_token expired"),
  GET_NEEDED(43001, "require GET method"),
  POST_NEEDED(43002, "require POST method"),
  EMPTY_POST_DATA(44002, "empty post data"),
  DAILY_QUOTA(45009, "reach max api daily quota limit"),
  MINUTE_QUOTA(45011, "api minute-quota reach limit, must slower, retry next minute"),
  DATA_FORMAT(47001, "data format error"),
  NO_SESSION_KEY(87007, "session_key is not existd or expired"), // WeChat's spelling
  INVALID_SIG_METHOD(87008, "invalid sig_method"),
  INVALID_SIGNATURE(87009, "invalid signature");

  private final int errcode;
  private final String text;

  WeChatError(int errcode, String text) {
    this.errcode = errcode;
    this.text = text;
  }

  int errcode() {
    return errcode;
  }

  /** Returns the text for any errcode, also for those that only a fault can give. */
  static String textOf(int errcode) {
    return Stream.of(values())
        .filter(error -> error.errcode == errcode)
        .map(error -> error.text)
        .findFirst()
        .orElse("error");
  }
}
