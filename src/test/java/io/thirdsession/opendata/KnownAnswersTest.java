package io.thirdsession.opendata;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.simulator.Fault;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** WeChat's own example and ours, through the calls that take them, at the time of each. */
class KnownAnswersTest extends AppTestBase {
  private static final JsonObject ALL = read();
  private static final String OPEN_ID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";

  KnownAnswersTest() {
    super(
        "WX_APPS",
        "wx4f4bc4dec97d474b:canary-app-secret-official," + APP + ":canary-app-secret-own1");
  }

  static Stream<JsonObject> vectors() {
    List<JsonObject> vectors = new ArrayList<>();
    JsonObject official = ALL.getAsJsonObject("official").deepCopy();
    official.addProperty("expect", "ok");
    vectors.add(official);
    for (JsonElement synthetic : ALL.getAsJsonArray("synthetic")) {
      vectors.add(synthetic.getAsJsonObject());
    }
    return vectors.stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void behaveAsTheySay(JsonObject vector) {
    boolean blanksForPlus = vector.get("expect").getAsString().contains("repair");
    boolean opens = vector.get("expect").getAsString().startsWith("ok") || blanksForPlus;
    server.clock.set(time(vector));
    String token = logIn(vector);
    JsonObject sent =
        json(
            "encryptedData",
            vector.get("encryptedData").getAsString(),
            "iv",
            vector.get("iv").getAsString());

    Response opened = post(token, "/api/me/decrypt", sent);
    Response bound = post(token, "/api/me/phone", sent);

    if (sent.get("encryptedData").getAsString().isEmpty()) {
      assertEquals("encryptedData", opened.field("field"));
      return;
    }
    if (!opens) {
      assertEquals("decrypt_failed", opened.field("error"), vector.get("name").toString());
      assertEquals("decrypt_failed", bound.field("error"));
      return;
    }
    JsonObject expected = expected(vector);
    expected.remove("watermark");
    assertEquals(expected, opened.json());
    if (expected.has("phoneNumber")) {
      assertEquals(200, bound.status(), bound.toString());
      assertEquals(expected.get("phoneNumber").getAsString(), bound.field("phoneNumber"));
    } else {
      assertEquals("decrypt_failed", bound.field("error"), "is no phone");
    }
  }

  /** Logs in as the user whose session_key the vector has. */
  private String logIn(JsonObject vector) {
    server.weChat.faults(
        Fault.raw(
                json(
                        "openid",
                        openId(vector),
                        "session_key",
                        vector.get("sessionKey").getAsString())
                    .toString())
            .on("/sns/jscode2session"));
    String appId = vector.has("appid") ? vector.get("appid").getAsString() : "wx4f4bc4dec97d474b";
    return server.http.post("/api/login", json("code", "any", "appId", appId).toString()).token();
  }

  /** Returns whom the plaintext names; the official user where it names nobody, or a forged one. */
  private static String openId(JsonObject vector) {
    JsonObject plaintext = expected(vector);
    return plaintext.has("openId") ? plaintext.get("openId").getAsString() : OPEN_ID;
  }

  private static Instant time(JsonObject vector) {
    JsonObject plaintext = expected(vector);
    return Instant.ofEpochSecond(
        plaintext.has("watermark")
            ? plaintext.getAsJsonObject("watermark").get("timestamp").getAsLong()
            : 1_477_314_187);
  }

  /** Returns the plaintext; vectors that do not say have the official example's. */
  private static JsonObject expected(JsonObject vector) {
    String text =
        vector.has("expectedPlaintext") ? vector.get("expectedPlaintext").getAsString() : "";
    if (text.startsWith("{")) {
      return JsonParser.parseString(text).getAsJsonObject();
    }
    return ALL.getAsJsonObject("official").getAsJsonObject("expectedJson").deepCopy();
  }

  private static JsonObject read() {
    try {
      return JsonParser.parseString(
              Files.readString(Path.of("src/test/resources/wechat-vectors.json")))
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
