package io.thirdsession.user;

import static io.thirdsession.user.ProfileField.AVATAR_URL;
import static io.thirdsession.user.ProfileField.NICK_NAME;
import static io.thirdsession.user.ProfileField.TITLE;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The fields of a profile that are to change, each with a value that can be kept. Immutable. */
public final class ProfileChange {
  private final Map<ProfileField, Object> values;

  ProfileChange(Map<ProfileField, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * Takes what a user sets of their own profile. Only the fields that are there change; an empty
   * text and gender 0 clear.
   *
   * <p>WeChat's anonymous profile never does: with {@code is_demote} true nothing changes; without
   * it the anonymous nickname and the gray picture are left out, and so are the empty fields that
   * came with them, for those are WeChat's and not the user's wish.
   *
   * @param baseUrl by which the client reaches this server: pictures below it are ours
   * @throws ApiException naming the field that is of the wrong type or beyond its limits
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
      case AVATAR_URL -> fields.optionalText(field.label()).map(sent -> avatarUrl(sent, baseUrl));
      default -> fields.optionalText(field.label()).map(text -> text(field, text));
    };
  }

  private static String text(ProfileField field, String text) {
    if (!ProfileRules.fits(text)) {
      throw ApiException.invalid(
          field.label(), "has more than " + Profile.LONGEST_TEXT + " code points");
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
          "is a temporary file of the phone, which others cannot load: upload it, send its https"
              + " address");
    }
    if (!url.isEmpty() && !ProfileRules.isAvatarUrl(url)) {
      throw ApiException.invalid(
          AVATAR_URL.label(),
          "is no https address of at most " + Profile.LONGEST_AVATAR_URL + " ASCII characters");
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

  /** Returns whether nothing is to change. */
  boolean isEmpty() {
    return values.isEmpty();
  }

  /** Returns the avatar's URL if that is to change, as it is to be stored. */
  Optional<String> avatarUrl() {
    return Optional.ofNullable(values.get(AVATAR_URL)).map(Object::toString);
  }

  /** Returns the same change without the avatar. */
  ProfileChange withoutAvatar() {
    Map<ProfileField, Object> others = new EnumMap<>(ProfileField.class);
    others.putAll(values);
    others.remove(AVATAR_URL);
    return new ProfileChange(others);
  }

  /** Returns texts, and an Integer for the gender. */
  Map<ProfileField, Object> values() {
    return values;
  }
}
