package io.thirdsession.simulator;

/** WeChat says no: carries the errcode to {@link WeChatEndpoints}, which answers. */
final class WeChatRefusal extends RuntimeException {
  private final WeChatError error;

  WeChatRefusal(WeChatError error) {
    super(error.name(), null, false, false);
    this.error = error;
  }

  WeChatError error() {
    return error;
  }
}
