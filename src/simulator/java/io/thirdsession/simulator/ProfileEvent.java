package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * What {@code wx.getUserProfile} gives to the mini program.
 *
 * @param rawData the userInfo as the JSON text that was signed
 * @param signature lower-case hex sha1 of rawData and the session_key's base64 text
 * @param encryptedData base64, under the user's session_key of this moment
 * @param iv base64 of 16 bytes
 */
public record ProfileEvent(String rawData, String signature, String encryptedData, String iv) {

  /** Returns the userInfo that rawData spells. */
  public JsonObject userInfo() {
    return JsonParser.parseString(rawData).getAsJsonObject();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("rawData", rawData);
    json.addProperty("signature", signature);
    json.addProperty("encryptedData", encryptedData);
    json.addProperty("iv", iv);
    json.add("userInfo", userInfo());
    return json;
  }
}
