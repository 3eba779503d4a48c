package io.thirdsession.opendata;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code encryptedData} and {@code iv} as a client sent them, not looked into yet.
 *
 * @param encryptedData 1 to 8,192 characters
 * @param iv 1 to 64 characters
 */
public record EncryptedFields(String encryptedData, String iv) {
  private static final Pattern ENCRYPTED_DATA = Pattern.compile("(?s).{1,8192}");
  private static final Pattern IV = Pattern.compile("(?s).{1,64}");

  /**
   * Checks the lengths.
   *
   * @throws ApiException naming the field that is empty or too long
   */
  public EncryptedFields {
    require("encryptedData", ENCRYPTED_DATA, encryptedData);
    require("iv", IV, iv);
  }

  /**
   * Takes both from a body.
   *
   * @throws ApiException naming the field that is missing, no text, empty or too long
   */
  static EncryptedFields required(JsonFields fields) {
    return new EncryptedFields(
        fields.required("encryptedData", ENCRYPTED_DATA), fields.required("iv", IV));
  }

  /**
   * Takes both from a body that may have neither.
   *
   * @throws ApiException naming the field that is missing beside the other, no text, empty or too
   *     long
   */
  public static Optional<EncryptedFields> optional(JsonFields fields) {
    Optional<String> encryptedData = fields.optional("encryptedData", ENCRYPTED_DATA);
    Optional<String> iv = fields.optional("iv", IV);
    if (encryptedData.isEmpty() && iv.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new EncryptedFields(
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
    return "EncryptedFields[" + encryptedData.length() + " characters]";
  }
}
