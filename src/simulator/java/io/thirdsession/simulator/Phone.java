package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Codes.Code;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The phone's side: what the mini program's own calls make WeChat do. */
final class Phone {
  private static final String GRAY_AVATAR =
      "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4po"
          + "C6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132";

  private final World world;

  Phone(World world) {
    this.world = world;
  }

  /** wx.login: returns a code, and replaces the session_key if it is old enough. */
  String login(String appId, String openId, Optional<String> unionId) {
    unionId.ifPresent(id -> requireId("unionid", id));
    synchronized (world) {
      WeChatUser user = user(appId, openId);
      unionId.ifPresent(user::bindUnionId);
      Instant now = world.clock().instant();
      user.logIn(now, world.options().keyRefresh(), world.ids());
      String code = world.ids().loginCode();
      world.codes().add(code, Code.forLogin(user, now));
      return code;
    }
  }

  /** The phone button: returns a code and the old way's data, which need an earlier wx.login. */
  PhoneEvent phone(String appId, String openId, PhoneNumber number) {
    synchronized (world) {
      WeChatUser user = user(appId, openId);
      String sessionKey = requireKey(user);
      Instant now = world.clock().instant();
      String code = world.ids().phoneCode();
      world.codes().add(code, Code.forPhone(user, number, now));
      String iv = world.ids().base64Of16Bytes();
      String plaintext = number.toJson(appId, now).toString();
      String encryptedData = WeChatCrypto.encrypt(sessionKey, iv, plaintext);
      world.messages().add(appId, encryptedData, now);
      return new PhoneEvent(code, encryptedData, iv, "getPhoneNumber:ok");
    }
  }

  /** wx.getUserProfile: returns the userInfo signed and encrypted; neither has an openId. */
  ProfileEvent profile(String appId, String openId, JsonObject userInfo) {
    synchronized (world) {
      String sessionKey = requireKey(user(appId, openId));
      String rawData = userInfo.toString();
      JsonObject plaintext = userInfo.deepCopy();
      plaintext.add("watermark", PhoneNumber.watermark(appId, world.clock().instant()));
      String iv = world.ids().base64Of16Bytes();
      return new ProfileEvent(
          rawData,
          WeChatCrypto.userInfoSignature(rawData, sessionKey),
          WeChatCrypto.encrypt(sessionKey, iv, plaintext.toString()),
          iv);
    }
  }

  /** wx.checkSession: is there a session_key that a tap of this user would be encrypted with. */
  boolean hasSessionKey(String appId, String openId) {
    world.apps().requireKnown(appId);
    requireId("openid", openId);
    synchronized (world) {
      return world.users().find(appId, openId).flatMap(WeChatUser::sessionKey).isPresent();
    }
  }

  String sessionKey(String appId, String openId) {
    synchronized (world) {
      return requireKey(user(appId, openId));
    }
  }

  void rotateKeyAtNextLogin(String appId, String openId) {
    synchronized (world) {
      user(appId, openId).rotateKeyAtNextLogin();
    }
  }

  void block(String appId, String openId, boolean blocked) {
    synchronized (world) {
      user(appId, openId).block(blocked);
    }
  }

  /** A user by name. */
  record UserId(String appId, String openId) {
    JsonObject toJson() {
      JsonObject json = new JsonObject();
      json.addProperty("appid", appId);
      json.addProperty("openid", openId);
      return json;
    }
  }

  /** Returns the users whose logins WeChat refuses. */
  List<UserId> blocked() {
    synchronized (world) {
      return world.users().blocked().stream()
          .map(user -> new UserId(user.appId(), user.openId()))
          .toList();
    }
  }

  /** Returns what every user's profile looks like since November 2022. */
  static JsonObject anonymousUserInfo() {
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "微信用户");
    userInfo.addProperty("gender", 0);
    userInfo.addProperty("language", "");
    userInfo.addProperty("city", "");
    userInfo.addProperty("province", "");
    userInfo.addProperty("country", "");
    userInfo.addProperty("avatarUrl", GRAY_AVATAR);
    userInfo.addProperty("is_demote", true);
    return userInfo;
  }

  private WeChatUser user(String appId, String openId) {
    world.apps().requireKnown(appId);
    requireId("openid", openId);
    return world.users().findOrCreate(appId, openId);
  }

  private static String requireKey(WeChatUser user) {
    return user.sessionKey()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the user " + user.openId() + " has no session_key yet: log in first"));
  }

  private static void requireId(String name, String id) {
    if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          name + " must be 1 to 64 letters, digits, _ or - (WeChat's have 28)");
    }
  }
}
