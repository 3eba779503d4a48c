package io.thirdsession.phone;

import io.thirdsession.http.ApiException;
import io.thirdsession.opendata.EncryptedFields;
import java.util.Optional;

/**
 * What the phone button gave: the code of the new way, the data of the old way, or both.
 *
 * @param code good for 5 minutes and once; matches {@link PhoneService#CODE}
 * @param encrypted under the user's session_key
 */
public record PhoneEvent(Optional<String> code, Optional<EncryptedFields> encrypted) {
  /**
   * Checks that there is something.
   *
   * @throws ApiException if there is neither
   */
  public PhoneEvent {
    if (code.isEmpty() && encrypted.isEmpty()) {
      throw ApiException.invalid("code", "is missing, and so are encryptedData and iv")
          .saying("没有获取到手机号，请重新点击并允许", "No phone number was given: tap again and allow it");
    }
  }

  @Override
  public String toString() {
    return "PhoneEvent[code=" + code.isPresent() + ", encrypted=" + encrypted.isPresent() + "]";
  }
}
