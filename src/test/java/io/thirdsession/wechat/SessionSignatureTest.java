package io.thirdsession.wechat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSignatureTest {
  @ParameterizedTest
  @ValueSource(strings = {"official_hmac_sha256", "synthetic_hmac_empty_message"})
  void signsAsTheKnownAnswersDo(String name) throws IOException {
    JsonObject all =
        JsonParser.parseString(Files.readString(Path.of("src/test/resources/wechat-vectors.json")))
            .getAsJsonObject();
    int known = 0;
    for (JsonElement element : all.getAsJsonArray(name)) {
      JsonObject vector = element.getAsJsonObject();
      SessionKey key = SessionKey.parse(vector.get("sessionKey").getAsString()).orElseThrow();

      assertEquals(
          vector.get("signature").getAsString(),
          SessionSignature.of(key, vector.get("message").getAsString()));
      known++;
    }
    assertEquals(all.getAsJsonArray(name).size(), known);
  }
}
