package io.thirdsession.simulator;

import com.google.gson.JsonObject;

/**
 * What {@code bindgetphonenumber} gives to the mini program.
 *
 * @param code 64 hex characters for getuserphonenumber: 5 minutes, one use
 * @param encryptedData the old way: base64, under the user's session_key of this moment
 * @param iv base64 of 16 bytes
 * @param errMsg {@code getPhoneNumber:ok}
 */
public record PhoneEvent(String code, String encryptedData, String iv, String errMsg) {

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("code", code);
    json.addProperty("encryptedData", encryptedData);
    json.addProperty("iv", iv);
    json.addProperty("errMsg", errMsg);
    return json;
  }
}
