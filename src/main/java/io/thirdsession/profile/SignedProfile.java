package io.thirdsession.profile;

import io.thirdsession.http.ApiException;
import java.nio.charset.StandardCharsets;

/**
 * A profile as {@code wx.getUserInfo} gives it, with the signature that is to prove that it comes
 * from WeChat.
 *
 * @param rawData the JSON string that was signed, byte for byte
 * @param signature WeChat's signature, according to the client
 */
public record SignedProfile(String rawData, String signature) {
  /** The maximum length of rawData, in bytes of UTF-8. */
  public static final int MAX_RAW_DATA_LENGTH = 4_096;

  /** The maximum number of characters in a signature: SHA-1 in hex. */
  public static final int MAX_SIGNATURE_LENGTH = 40;

  /**
   * Checks the lengths.
   *
   * @throws ApiException if one is empty or too long
   */
  public SignedProfile {
    if (rawData.isEmpty()
        || rawData.getBytes(StandardCharsets.UTF_8).length > MAX_RAW_DATA_LENGTH) {
      throw ApiException.invalid(
          "rawData", "has not 1 to " + MAX_RAW_DATA_LENGTH + " bytes of UTF-8");
    }
    if (signature.isEmpty() || signature.length() > MAX_SIGNATURE_LENGTH) {
      throw ApiException.invalid(
          "signature", "has not 1 to " + MAX_SIGNATURE_LENGTH + " characters");
    }
  }

  @Override
  public String toString() {
    return "SignedProfile[" + rawData.length() + " characters]";
  }
}
