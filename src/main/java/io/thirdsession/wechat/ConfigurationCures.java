package io.thirdsession.wechat;

/** One line for the operator for each errcode that means our configuration is refused. */
final class ConfigurationCures {
  private ConfigurationCures() {}

  static String of(int errcode) {
    return switch (errcode) {
      case 40013, 41002 -> "WX_APPS: WeChat does not know this AppID";
      case 40125, 41004 ->
          "WX_APPS: the AppSecret is wrong; it was reset or belongs to another app";
      case 40164, 61004 ->
          "add this server's address to the IP whitelist (mp.weixin.qq.com > Development settings)";
      case 40243 -> "the AppSecret is frozen; unfreeze it at mp.weixin.qq.com";
      case 40001, 40014, 42001 ->
          "WeChat refuses the access_token: the AppSecret is wrong or was reset, or another program"
              + " uses force_refresh all the time";
      case 50004, 50007 ->
          "the app may not have an access_token; see its state at mp.weixin.qq.com";
      case 89501, 89503, 89506, 89507 ->
          "an administrator of the app must confirm this server's address at mp.weixin.qq.com";
      case 48001 -> "the app has no permission for this call; apply for it at mp.weixin.qq.com";
      case 50002 -> "the app's account is limited; see the notices at mp.weixin.qq.com";
      default -> "WeChat refuses the call itself; check WX_API_URL";
    };
  }
}
