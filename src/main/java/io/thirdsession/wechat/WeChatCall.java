package io.thirdsession.wechat;

/** The calls of WeChat's server API that are made here. */
enum WeChatCall {
  CODE_TO_SESSION("/sns/jscode2session"),
  STABLE_TOKEN("/cgi-bin/stable_token"),
  PHONE_NUMBER("/wxa/business/getuserphonenumber"),
  CHECK_ENCRYPTED_DATA("/wxa/business/checkencryptedmsg"),
  CHECK_SESSION_KEY("/wxa/checksession"),
  RESET_SESSION_KEY("/wxa/resetusersessionkey");

  private final String path;

  WeChatCall(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /** Returns the last part of its path, by which metrics name it. */
  String label() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
