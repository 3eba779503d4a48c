package io.thirdsession.attack;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.OpenDataUser;
import io.thirdsession.testing.OpenDataUser.Encrypted;
import io.thirdsession.wechat.OpenDataException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;

/**
 * What can be wrong with open data, each brought about under the user's own key, so that nothing
 * but the defect keeps it from binding a phone. A user is good for one of them.
 */
enum Defect {
  NOT_BASE64(Reason.MALFORMED, user -> data(user, "not base64 at all")),
  NOTHING_BUT_PADDING_OF_BASE64(Reason.MALFORMED, user -> data(user, "====")),
  HALF_A_BLOCK(Reason.MALFORMED, user -> cut(good(user), 8)),
  NO_WHOLE_BLOCKS(Reason.MALFORMED, user -> cut(good(user), 17)),
  IV_NOT_BASE64(Reason.MALFORMED, user -> new Encrypted(good(user).encryptedData(), "x")),
  IV_OF_12_BYTES(Reason.MALFORMED, user -> ivOf(user, 12)),
  IV_OF_15_BYTES(Reason.MALFORMED, user -> ivOf(user, 15)),
  IV_OF_17_BYTES(Reason.MALFORMED, user -> ivOf(user, 17)),
  IV_OF_32_BYTES(Reason.MALFORMED, user -> ivOf(user, 32)),
  LAST_BLOCK_MISSING(
      Reason.WRONG_KEY, user -> cut(good(user), good(user).ciphertext().length - 16)),
  FIRST_BLOCK_ALONE(Reason.WRONG_KEY, user -> cut(good(user), 16)),
  PADDING_CHANGED(Reason.WRONG_KEY, user -> flipped(good(user), 17, 0x80)),
  TEXT_CHANGED(Reason.WRONG_KEY, user -> flipped(good(user), 40, 1)),
  IV_CHANGED(Reason.WRONG_KEY, Defect::withIvChanged),
  UNDER_ANOTHER_KEY(Reason.WRONG_KEY, user -> user.encryptUnderAnotherKey(user.phoneData())),
  EMPTY_TEXT(Reason.WRONG_KEY, user -> text(user, "")),
  PLAIN_TEXT(Reason.WRONG_KEY, user -> text(user, "13900001111")),
  NO_OBJECT(Reason.WRONG_KEY, user -> text(user, "[" + user.phoneData() + "]")),
  JSON_CUT_SHORT(
      Reason.WRONG_KEY, user -> text(user, user.phoneData().toString().replaceAll("}$", ""))),
  NOT_UTF_8(Reason.WRONG_KEY, Defect::notUtf8),
  NO_WATERMARK(Reason.NO_WATERMARK, user -> user.encrypt(without(user, "watermark"))),
  NO_TIME_IN_THE_WATERMARK(Reason.NO_WATERMARK, Defect::withoutTime),
  OF_ANOTHER_APP(Reason.FOREIGN_APP, user -> watermarked(user, OTHER_APP, Duration.ZERO)),
  STALE(Reason.STALE, user -> watermarked(user, APP, Duration.ofSeconds(-301))),
  OF_THE_FUTURE(Reason.STALE, user -> watermarked(user, APP, Duration.ofSeconds(61))),
  OF_ANOTHER_USER(Reason.FOREIGN_OPENID, Defect::ofAnotherUser),
  UNDER_A_KEY_REPLACED_LONG_AGO(Reason.PREVIOUS_KEY_EXPIRED, Defect::underAnOldKey),
  UNDER_A_KEY_THAT_RESTS(Reason.QUARANTINED, Defect::underAKeyThatRests),
  /** The user's own profile, which is no defect where any open data are read. */
  NO_PHONE_DATA(Reason.NO_PHONE_DATA, user -> user.encrypt(profile(user))),
  /** None but where WeChat is asked first (PHONE_ENCRYPTED=checked). */
  NOT_OF_WECHAT(Reason.NOT_OF_WECHAT, Defect::good);

  static final String DECRYPT = "/api/me/decrypt";
  static final String PHONE = "/api/me/phone";

  private final Reason reason;
  private final Function<OpenDataUser, Encrypted> data;

  Defect(Reason reason, Function<OpenDataUser, Encrypted> data) {
    this.reason = reason;
    this.data = data;
  }

  /** Returns the first one for this reason. */
  static Defect of(Reason reason) {
    return Arrays.stream(values()).filter(d -> d.reason == reason).findFirst().orElseThrow();
  }

  /** Returns data without any. */
  static Encrypted good(OpenDataUser user) {
    return user.encrypt(user.phoneData());
  }

  Reason reason() {
    return reason;
  }

  boolean isOneAt(String path) {
    return this != NOT_OF_WECHAT && (this != NO_PHONE_DATA || path.equals(PHONE));
  }

  /** Returns data of this user with this defect. */
  Encrypted data(OpenDataUser user) {
    return data.apply(user);
  }

  private static Encrypted data(OpenDataUser user, String encryptedData) {
    return new Encrypted(encryptedData, good(user).iv());
  }

  private static Encrypted ivOf(OpenDataUser user, int bytes) {
    Encrypted good = good(user);
    return Encrypted.of(good.ciphertext(), Arrays.copyOf(good.ivBytes(), bytes));
  }

  private static Encrypted cut(Encrypted good, int bytes) {
    return Encrypted.of(Arrays.copyOf(good.ciphertext(), bytes), good.ivBytes());
  }

  private static Encrypted flipped(Encrypted good, int fromTheEnd, int bits) {
    byte[] ciphertext = good.ciphertext();
    ciphertext[ciphertext.length - fromTheEnd] ^= (byte) bits;
    return Encrypted.of(ciphertext, good.ivBytes());
  }

  /** The brace becomes another letter, and nothing else changes. */
  private static Encrypted withIvChanged(OpenDataUser user) {
    Encrypted good = good(user);
    byte[] iv = good.ivBytes();
    iv[0] ^= 1;
    return Encrypted.of(good.ciphertext(), iv);
  }

  private static Encrypted text(OpenDataUser user, String plaintext) {
    return user.encrypt(plaintext.getBytes(StandardCharsets.UTF_8));
  }

  private static Encrypted notUtf8(OpenDataUser user) {
    JsonObject data = user.phoneData();
    data.addProperty("x", "\u00e9");
    return user.encrypt(data.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static JsonObject without(OpenDataUser user, String field) {
    JsonObject data = user.phoneData();
    data.remove(field);
    return data;
  }

  private static Encrypted withoutTime(OpenDataUser user) {
    JsonObject data = user.phoneData();
    data.getAsJsonObject("watermark").remove("timestamp");
    return user.encrypt(data);
  }

  private static Encrypted watermarked(OpenDataUser user, String appId, Duration ahead) {
    return user.encrypt(user.withWatermark(user.phoneData(), appId, user.now().plus(ahead)));
  }

  private static Encrypted ofAnotherUser(OpenDataUser user) {
    JsonObject data = user.phoneData();
    data.addProperty("openId", AppServer.openId("somebody-else"));
    return user.encrypt(data);
  }

  private static JsonObject profile(OpenDataUser user) {
    JsonObject profile = new JsonObject();
    profile.addProperty("openId", user.openId());
    profile.addProperty("nickName", "13900001111");
    return user.withWatermark(profile, APP, user.now());
  }

  private static Encrypted underAnOldKey(OpenDataUser user) {
    String oldKey = user.secrets().get(1);
    user.logInWithAnotherKey();
    user.letTimePassUntil(user.now().plus(Duration.ofMinutes(10)));
    return user.encrypt(user.phoneData().toString().getBytes(StandardCharsets.UTF_8), oldKey);
  }

  private static Encrypted underAKeyThatRests(OpenDataUser user) {
    for (int i = 0; i < 5; i++) {
      user.send(DECRYPT, PADDING_CHANGED.data(user));
    }
    return good(user);
  }
}
