package io.thirdsession.opendata;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecryptTest extends AppTestBase {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final String ALICE = AppServer.openId("alice");

  private static final List<UnaryOperator<String>> CARELESS =
      List.of(
          text -> text.replace('+', ' '),
          text -> URLEncoder.encode(text, StandardCharsets.UTF_8),
          text -> text.replace('+', '-').replace('/', '_'),
          text -> text.replace("=", ""),
          text -> text.substring(0, 16) + "\r\n" + text.substring(16),
          text -> '"' + text + '"');

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @Test
  void givesOpenDataBackWithoutItsWatermark() {
    ProfileEvent event = server.weChat.profile(APP, ALICE);

    Response response = decrypt(event.encryptedData(), event.iv());

    assertEquals(200, response.status(), response.toString());
    assertFalse(response.json().has("watermark"));
    assertEquals("微信用户", response.field("nickName"));
    assertEquals("no-store", response.header("Cache-Control"));
  }

  @Test
  void chargesNoKeyForDataThatOnlyAWrongClockMakesStale() {
    for (int i = 0; i < 6; i++) {
      ProfileEvent event = server.weChat.profile(APP, ALICE);
      server.clock.advance(Duration.ofHours(1));
      server.app.compareClocks(); // the database's is the real one

      assertEquals(409, decrypt(event.encryptedData(), event.iv()).status());
      server.clock.advance(Duration.ofHours(-1));
    }

    assertEquals(503, server.http.get("/readyz").status());
    assertEquals("wrong", server.http.get("/readyz").field("configuration"));
    ProfileEvent event = server.weChat.profile(APP, ALICE);
    assertEquals(200, decrypt(event.encryptedData(), event.iv()).status());
  }

  @Test
  void takesTheResultOfGetUserInfoAsItIs() {
    ProfileEvent event = server.weChat.profile(APP, ALICE);
    JsonObject result =
        json(
            "errMsg", "getUserInfo:ok",
            "rawData", event.rawData(),
            "signature", event.signature(),
            "encryptedData", event.encryptedData(),
            "iv", event.iv());
    result.add("userInfo", event.userInfo());

    Response response = post(token, "/api/me/decrypt", result);

    assertEquals(200, response.status(), response.toString());
    result.addProperty("raw_data", "");
    assertEquals("raw_data", post(token, "/api/me/decrypt", result).field("field"));
  }

  @Test
  void repairsWhatCarelessClientsDoToBase64() {
    ProfileEvent event = server.weChat.profile(APP, ALICE);

    for (UnaryOperator<String> careless : CARELESS) {
      Response response =
          decrypt(careless.apply(event.encryptedData()), careless.apply(event.iv()));
      assertEquals(200, response.status(), response.toString());
    }
    assertEquals(0, failures());
  }

  @Test
  void wantsASession() {
    ProfileEvent event = server.weChat.profile(APP, ALICE);
    server.http.logout(token);

    assertEquals(401, decrypt(event.encryptedData(), event.iv()).status());
  }

  @Test
  void opensWhatWasEncryptedBeforeALoginThatChangedTheKey() {
    ProfileEvent before = server.weChat.profile(APP, ALICE);
    rotateKey();

    assertEquals(200, decrypt(before.encryptedData(), before.iv()).status());
  }

  @Test
  void opensWithAReplacedKeyForLessThanTenMinutes() {
    String oldKey = server.weChat.sessionKey(APP, ALICE);
    rotateKey();
    server.clock.advance(GRACE.minusMillis(1));
    assertEquals(200, decrypt(encrypted(oldKey), iv()).status());

    server.clock.advance(Duration.ofMillis(1));

    assertFailed(decrypt(encrypted(oldKey), iv()));
  }

  @Test
  void usingThePreviousKeyIsNoFailureOfTheCurrentOne() {
    ProfileEvent before = server.weChat.profile(APP, ALICE);
    rotateKey();

    for (int i = 0; i < 8; i++) {
      assertEquals(200, decrypt(before.encryptedData(), before.iv()).status());
    }

    assertEquals(0, failures());
    assertEquals(0, database.number("SELECT previous_key_failures FROM identity"));
  }

  @Test
  void countsNoFailureForDataThatOpens() {
    for (int i = 0; i < 8; i++) {
      ProfileEvent event = server.weChat.profile(APP, ALICE);
      assertEquals(200, decrypt(event.encryptedData(), event.iv()).status());
    }

    assertEquals(0, failures());
  }

  @Test
  void fiveFailuresLetTheKeyRestForAnHourWhateverComes() {
    for (int i = 0; i < 5; i++) {
      assertFailed(decrypt(forged(i), iv()));
    }
    assertEquals(5, failures());
    ProfileEvent good = server.weChat.profile(APP, ALICE);
    assertFailed(decrypt(good.encryptedData(), good.iv()));

    server.clock.advance(Duration.ofHours(1).minusMillis(1));
    good = server.weChat.profile(APP, ALICE);
    assertFailed(decrypt(good.encryptedData(), good.iv()));

    server.clock.advance(Duration.ofMillis(1));
    good = server.weChat.profile(APP, ALICE);
    assertEquals(200, decrypt(good.encryptedData(), good.iv()).status());
  }

  /** Who guesses on must not be able to make the user's logins wait for the row. */
  @Test
  void aTryOfAKeyThatRestsLocksNothing() throws Exception {
    for (int i = 0; i < 5; i++) {
      decrypt(forged(i), iv());
    }
    try (Connection login = database.connect();
        Statement statement = login.createStatement()) {
      login.setAutoCommit(false);
      statement.execute("SELECT id FROM identity FOR UPDATE");

      assertFailed(decrypt(forged(5), iv()));

      login.rollback();
    }
    assertEquals(5, failures());
  }

  @Test
  void anotherKeyStartsWithoutFailuresAndTheOldOneKeepsItsOwn() {
    for (int i = 0; i < 5; i++) {
      decrypt(forged(i), iv());
    }
    ProfileEvent underTheOld = server.weChat.profile(APP, ALICE);
    rotateKey();
    ProfileEvent underTheNew = server.weChat.profile(APP, ALICE);

    assertEquals(200, decrypt(underTheNew.encryptedData(), underTheNew.iv()).status());
    assertFailed(decrypt(underTheOld.encryptedData(), underTheOld.iv()));
  }

  @Test
  void triesAtOnceCannotOutnumberTheFive() {
    ExecutorService threads = Executors.newFixedThreadPool(30);
    try {
      List<CompletableFuture<Response>> running = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String data = forged(i);
        running.add(CompletableFuture.supplyAsync(() -> decrypt(data, iv()), threads));
      }
      running.forEach(response -> assertFailed(response.join()));
    } finally {
      threads.shutdownNow();
    }

    assertEquals(5, failures());
  }

  @Test
  void malformedDataIsNoTry() {
    for (int i = 0; i < 8; i++) {
      assertFailed(decrypt("not base64", iv()));
      assertFailed(decrypt("AAAA", iv()));
    }

    assertEquals(0, failures());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"iv\":\"x\"}",
        "{\"encryptedData\":\"\",\"iv\":\"x\"}",
        "{\"encryptedData\":null,\"iv\":\"x\"}",
        "{\"encryptedData\":7,\"iv\":\"x\"}",
        "{\"encryptedData\":[\"x\"],\"iv\":\"x\"}",
      })
  void refusesAFieldThatIsMissingOrNoText(String body) {
    Response response = server.http.post("/api/me/decrypt", body, bearer(token));

    assertEquals(400, response.status());
    assertEquals("encryptedData", response.field("field"));
  }

  @Test
  void takes8192CharactersAnd64OfIvAndRefusesMore() {
    assertFailed(decrypt("A".repeat(8192), iv()));
    assertEquals("encryptedData", decrypt("A".repeat(8193), iv()).field("field"));
    assertFailed(decrypt("AAAA", "A".repeat(64)));
    assertEquals("iv", decrypt("AAAA", "A".repeat(65)).field("field"));
    assertEquals("iv", decrypt("AAAA", "").field("field"));
  }

  @Test
  void takesNoKeyFromTheClient() {
    Response response =
        server.http.post(
            "/api/me/decrypt",
            "{\"encryptedData\":\"AAAA\",\"iv\":\"x\",\"sessionKey\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
            bearer(token));

    assertEquals(400, response.status());
    assertEquals("sessionKey", response.field("field"));
  }

  /** A login that brings a profile along must not fall with it. */
  @Test
  void aDatabaseThatFailsIsInTheOutcomeAndNotThrown() {
    Session session = server.app.sessions().find(token).orElseThrow();
    RequestFacts facts =
        new RequestFacts(
            "r",
            Optional.empty(),
            "127.0.0.1",
            Optional.empty(),
            Locale.CHINESE,
            "http://localhost",
            0);
    database.execute("ALTER TABLE identity RENAME TO identity_away");

    CompletableFuture<?> opened =
        server
            .app
            .openData()
            .decrypt(new Caller(session, facts), EncryptedFields.of(forged(1), iv()), data -> data);

    assertTrue(opened.isCompletedExceptionally());
  }

  private Response decrypt(String encryptedData, String iv) {
    JsonObject body = new JsonObject();
    body.addProperty("encryptedData", encryptedData);
    body.addProperty("iv", iv);
    return server.http.post("/api/me/decrypt", body.toString(), bearer(token));
  }

  private void rotateKey() {
    server.weChat.rotateKeyAtNextLogin(APP, ALICE);
    token = server.login("alice", bearer(token)).token();
  }

  /** Returns encryptedData of this moment under this key and the iv of {@link #iv}. */
  private String encrypted(String sessionKey) {
    String json =
        "{\"stepInfoList\":[],\"watermark\":{\"appid\":\""
            + APP
            + "\",\"timestamp\":"
            + server.clock.instant().getEpochSecond()
            + "}}";
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES"),
          new IvParameterSpec(new byte[16]));
      return Base64.getEncoder()
          .encodeToString(cipher.doFinal(json.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private int failures() {
    return database.number("SELECT key_failures FROM identity");
  }

  private static String forged(int seed) {
    byte[] bytes = new byte[64];
    bytes[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String iv() {
    return base64(16);
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }

  private static void assertFailed(Response response) {
    assertEquals(409, response.status(), response.toString());
    assertEquals("decrypt_failed", response.field("error"));
    assertTrue(response.json().get("relogin").getAsBoolean());
    assertTrue(response.json().get("tapAgain").getAsBoolean());
    assertFalse(response.json().get("retryable").getAsBoolean());
  }
}
