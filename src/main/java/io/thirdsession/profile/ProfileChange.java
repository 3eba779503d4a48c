package io.thirdsession.profile;

import static io.thirdsession.profile.ProfileField.AVATAR_URL;
import static io.thirdsession.profile.ProfileField.NICK_NAME;
import static io.thirdsession.profile.ProfileField.TITLE;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a profile that are to change, each with a valid value. Immutable. */
public final class ProfileChange {
  private final Map<ProfileField, Object> values;

  ProfileChange(Map<ProfileField, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** Returns the change that empties the nickname, the picture, both, or nothing. */
  public static ProfileChange emptying(boolean nickName, boolean avatarUrl) {
    Map<ProfileField, Object> values = new EnumMap<>(ProfileField.class);
    if (nickName) {
      values.put(ProfileField.NICK_NAME, "");
    }
    if (avatarUrl) {
      values.put(AVATAR_URL, "");
    }
    return new ProfileChange(values);
  }

  /**
   * Returns the change that a user asks for. Only fields that are present change; an empty string
   * or gender 0 clears a field.
   *
   * <p>WeChat's anonymous profile never changes anything. If {@code is_demote} is true, nothing
   * changes. Otherwise the anonymous nickname and the gray picture are left out, and so are the
   * empty fields sent with them (except the title), because they come from WeChat and not from the
   * user.
   *
   * @param baseUrl the URL by which the client reaches this server; pictures under it are stored
   *     here
   * @throws ApiException that names the field whose type is wrong or whose value is not allowed
   */
  public static ProfileChange sent(JsonFields fields, String baseUrl) {
    boolean demoted = fields.shown("is_demote").equals("true");
    Map<ProfileField, Object> values = new EnumMap<>(ProfileField.class);
    for (ProfileField field : ProfileField.values()) {
      value(field, fields, baseUrl).ifPresent(value -> values.put(field, value));
    }
    if (demoted) {
      values.clear();
    } else {
      leaveOutAnonymous(values);
    }
    return new ProfileChange(values);
  }

  private static Optional<?> value(ProfileField field, JsonFields fields, String baseUrl) {
    return switch (field) {
      case GENDER -> fields.optionalInteger(field.label(), 0, 2);
      case AVATAR_URL -> fields.optionalString(field.label()).map(sent -> avatarUrl(sent, baseUrl));
      default -> fields.optionalString(field.label()).map(text -> text(field, text));
    };
  }

  private static String text(ProfileField field, String text) {
    if (!ProfileRules.fits(text)) {
      int max = Profile.MAX_TEXT_LENGTH;
      throw ApiException.invalid(field.label(), "must be at most " + max + " code points")
          .saying(
              field.chinese() + "最多 " + max + " 个字符，请缩短",
              field.label() + " must have at most " + max + " characters");
    }
    if (!text.isEmpty() && !ProfileRules.isVisible(text)) {
      throw ApiException.invalid(field.label(), "must have a visible character, or be empty")
          .saying(field.chinese() + "不能只有空白字符", field.label() + " must have a visible character");
    }
    return text;
  }

  private static String avatarUrl(String sent, String baseUrl) {
    if (sent.startsWith(baseUrl) && AvatarService.isPath(sent.substring(baseUrl.length()))) {
      return sent.substring(baseUrl.length());
    }
    String url = ProfileRules.https(sent);
    if (ProfileRules.isTemporaryFile(url)) {
      throw ApiException.invalid(
              AVATAR_URL.label(),
              "must not be a temporary file of the phone, which others cannot load: upload it,"
                  + " send its https URL")
          .saying("头像还没有上传，请重新选择图片", "The picture is still on the phone: upload it first");
    }
    if (!url.isEmpty() && !ProfileRules.isAvatarUrl(url)) {
      int max = Profile.MAX_AVATAR_URL_LENGTH;
      throw ApiException.invalid(
              AVATAR_URL.label(), "must be an https URL of at most " + max + " ASCII characters")
          .saying(
              AVATAR_URL.chinese() + "必须是 https 链接，最多 " + max + " 个字符",
              AVATAR_URL.label() + " must be an https URL of at most " + max + " characters");
    }
    return url;
  }

  private static void leaveOutAnonymous(Map<ProfileField, Object> values) {
    boolean anonymous =
        values.entrySet().removeIf(entry -> isAnonymous(entry.getKey(), entry.getValue()));
    if (anonymous) {
      values
          .entrySet()
          .removeIf(entry -> entry.getKey() != TITLE && isEmptyValue(entry.getValue()));
    }
  }

  private static boolean isAnonymous(ProfileField field, Object value) {
    return (field == NICK_NAME && ProfileRules.isAnonymousNickName(value.toString()))
        || (field == AVATAR_URL && ProfileRules.isAnonymousAvatar(value.toString()));
  }

  private static boolean isEmptyValue(Object value) {
    return value.equals("") || value.equals(0);
  }

  /** Returns whether this changes nothing. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** Returns the new avatar URL, as it will be stored; empty if the avatar does not change. */
  public Optional<String> avatarUrl() {
    return Optional.ofNullable(values.get(AVATAR_URL)).map(Object::toString);
  }

  /** Returns the same change without the avatar. */
  public ProfileChange withoutAvatar() {
    Map<ProfileField, Object> others = new EnumMap<>(ProfileField.class);
    others.putAll(values);
    others.remove(AVATAR_URL);
    return new ProfileChange(others);
  }

  /**
   * Returns the new values, keyed by column of the table {@code user}: strings, and an Integer for
   * the gender.
   */
  public Map<String, Object> columns() {
    Map<String, Object> columns = new LinkedHashMap<>();
    values.forEach((field, value) -> columns.put(field.column(), value));
    return columns;
  }
}
