package io.thirdsession.opendata;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.wechat.EncryptedData;
import io.thirdsession.wechat.OpenDataException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code encryptedData} and {@code iv} as a client sent them, decoded once.
 *
 * @param data empty if they are malformed: that fails where a wrong key does, and looks the same
 */
public record EncryptedFields(Optional<EncryptedData> data) {
  private static final Pattern ENCRYPTED_DATA = Pattern.compile("(?s).{1,8192}");
  private static final Pattern IV = Pattern.compile("(?s).{1,64}");

  /**
   * Returns the fields with these values.
   *
   * @throws ApiException naming the field that is empty or too long
   */
  public static EncryptedFields of(String encryptedData, String iv) {
    require("encryptedData", ENCRYPTED_DATA, encryptedData);
    require("iv", IV, iv);
    try {
      return new EncryptedFields(Optional.of(EncryptedData.parse(encryptedData, iv)));
    } catch (OpenDataException e) {
      return new EncryptedFields(Optional.empty());
    }
  }

  /**
   * Returns the fields of a body that must have both.
   *
   * @throws ApiException naming the field that is missing, not a string, empty or too long
   */
  static EncryptedFields required(JsonFields fields) {
    return of(fields.required("encryptedData", ENCRYPTED_DATA), fields.required("iv", IV));
  }

  /**
   * Returns the fields of a body that may have neither.
   *
   * @throws ApiException naming the field that is missing beside the other, not a string, empty or
   *     too long
   */
  public static Optional<EncryptedFields> optional(JsonFields fields) {
    Optional<String> encryptedData = fields.optional("encryptedData", ENCRYPTED_DATA);
    Optional<String> iv = fields.optional("iv", IV);
    if (encryptedData.isEmpty() && iv.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        of(
            encryptedData.orElseThrow(() -> ApiException.invalid("encryptedData", "is missing")),
            iv.orElseThrow(() -> ApiException.invalid("iv", "is missing"))));
  }

  private static void require(String name, Pattern pattern, String value) {
    if (!pattern.matcher(value).matches()) {
      throw ApiException.invalid(name, "does not match " + pattern);
    }
  }

  @Override
  public String toString() {
    return "EncryptedFields[malformed=" + data.isEmpty() + "]";
  }
}
