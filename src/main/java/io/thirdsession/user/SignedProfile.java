package io.thirdsession.user;

import io.thirdsession.http.ApiException;
import java.nio.charset.StandardCharsets;

/**
 * A profile as {@code wx.getUserInfo} gives it, with what is to prove that it comes from WeChat.
 *
 * @param rawData the JSON text that was signed, to the byte
 * @param signature what the client says WeChat's signature is
 */
public record SignedProfile(String rawData, String signature) {
  /** The most bytes of UTF-8 in rawData. */
  public static final int LONGEST_RAW_DATA = 4_096;

  /** The most characters in a signature: SHA-1 in hex. */
  public static final int LONGEST_SIGNATURE = 40;

  /**
   * Checks the lengths.
   *
   * @throws ApiException if one is empty or too long
   */
  public SignedProfile {
    if (rawData.isEmpty() || rawData.getBytes(StandardCharsets.UTF_8).length > LONGEST_RAW_DATA) {
      throw ApiException.invalid("rawData", "has not 1 to " + LONGEST_RAW_DATA + " bytes of UTF-8");
    }
    if (signature.isEmpty() || signature.length() > LONGEST_SIGNATURE) {
      throw ApiException.invalid("signature", "has not 1 to " + LONGEST_SIGNATURE + " characters");
    }
  }

  @Override
  public String toString() {
    return "SignedProfile[" + rawData.length() + " characters]";
  }
}
