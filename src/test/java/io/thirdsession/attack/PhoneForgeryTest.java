package io.thirdsession.attack;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who try to bind a number that is not theirs, with nothing but what their phone has. */
class PhoneForgeryTest extends AppTestBase {
  private static final String ALICE = AppServer.openId("alice");
  private static final int BLOCK = 16;
  private static final int TRIES = Integer.getInteger("attack.tries", 3_000);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Of so many failures the lines are left out: to write them takes as long as to answer. */
  private final Logger log = Logger.getLogger("io.thirdsession");

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @AfterEach
  void logAgain() {
    log.setLevel(null);
  }

  /**
   * The blocks of one's own profile are WeChat's, and the digits in the nickname are one's own. Cut
   * in front of the digits, and with an iv that turns the block before them into the beginning of
   * phone data, it opens, is of this app and user, and fresh.
   */
  @Test
  void aProfileCutInFrontOfDigitsInTheNicknameBindsNothing() {
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "abc" + "0123456789abcdef" + "13900001111");
    userInfo.addProperty("gender", 0);
    assertBindsNothing(cut(userInfo));
  }

  @Test
  void norDoesOneThatHoldsNothingButTheNickname() {
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "abc" + "0123456789abcdef" + "13900001111");
    assertBindsNothing(cut(userInfo));
  }

  /**
   * If only one bit of an answer depended on how decryption went, 20,000 tries would be enough to
   * encrypt any text under a key that one does not know. So many are made with {@code -Pattacks}.
   */
  @Test
  void triesOfThePaddingOracleAttackTeachNothing() {
    Set<String> responses = ConcurrentHashMap.newKeySet();
    PaddingOracleAttack<String> attack = attack(this::answer, responses, TRIES);

    assertEquals(Optional.empty(), attack.forge(wanted()));
    assertEquals(TRIES, attack.tries());
    assertEquals(0, attack.learned());
    assertEquals(1, responses.size(), responses.toString());
    assertTrue(responses.iterator().next().startsWith("409 "), responses.toString());
    assertEquals(5, database.number("SELECT key_failures FROM identity"), "no key was tried more");
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  /** Five tries are all that the attack has. With any number of them it would be no better off. */
  @Test
  void norWouldItsTriesIfNoKeyEverRested() {
    int tries = 2_560;
    int farFromFive = -1_000_000;
    database.execute("UPDATE identity SET key_failures = " + farFromFive);
    Set<String> responses = ConcurrentHashMap.newKeySet();
    AtomicInteger goodPaddings = new AtomicInteger();
    PaddingOracleAttack<String> attack =
        attack(
            (iv, ciphertext) -> {
              if (isPaddingGood(iv, ciphertext)) {
                goodPaddings.incrementAndGet();
              }
              return answer(iv, ciphertext);
            },
            responses,
            tries);

    assertEquals(Optional.empty(), attack.forge(wanted()));
    assertEquals(0, attack.learned());
    assertEquals(1, responses.size(), responses.toString());
    assertTrue(
        database.number("SELECT key_failures FROM identity") >= farFromFive + tries,
        "the key was tried each time");
    assertTrue(goodPaddings.get() > 0, "there was something to learn");
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  /** Returns the attack on this oracle; of its answers, all that differ are added to these. */
  private PaddingOracleAttack<String> attack(
      PaddingOracleAttack.Oracle<String> oracle, Set<String> responses, int tries) {
    log.setLevel(Level.WARNING);
    return new PaddingOracleAttack<>(
        (iv, ciphertext) ->
            oracle
                .ask(iv, ciphertext)
                .whenComplete((response, failure) -> responses.add(String.valueOf(response))),
        (one, other) -> !one.equals(other),
        tries);
  }

  private CompletableFuture<String> answer(byte[] iv, byte[] ciphertext) {
    return answered(client, guess(iv, ciphertext), 20)
        .thenApply(PhoneForgeryTest::withoutRequestId);
  }

  private boolean isPaddingGood(byte[] iv, byte[] ciphertext) {
    byte[] key = Base64.getDecoder().decode(server.weChat.sessionKey(APP, ALICE));
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
      cipher.doFinal(ciphertext);
      return true;
    } catch (BadPaddingException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] wanted() {
    JsonObject watermark = json("appid", APP);
    watermark.addProperty("timestamp", server.clock.instant().getEpochSecond());
    JsonObject phone =
        json("phoneNumber", "13900001111", "purePhoneNumber", "13900001111", "countryCode", "86");
    phone.add("watermark", watermark);
    return phone.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Sends a guess again while it is turned away unread: 200 at once are more than the database
   * always has connections for, and whoever attacks would not give up on that.
   */
  private static CompletableFuture<HttpResponse<String>> answered(
      HttpClient client, HttpRequest guess, int repeats) {
    return client
        .sendAsync(guess, HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            response ->
                response.statusCode() == 503 && repeats > 0
                    ? answered(client, guess, repeats - 1)
                    : CompletableFuture.completedFuture(response));
  }

  private HttpRequest guess(byte[] iv, byte[] ciphertext) {
    JsonObject body =
        json(
            "encryptedData",
            Base64.getEncoder().encodeToString(ciphertext),
            "iv",
            Base64.getEncoder().encodeToString(iv));
    return HttpRequest.newBuilder(URI.create(server.http.base() + "/api/me/phone"))
        .headers(bearer(token))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  private static String withoutRequestId(HttpResponse<String> response) {
    List<String> headers = new ArrayList<>();
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equals("x-request-id") && !name.equals("date")) {
                headers.add(name + "=" + values);
              }
            });
    headers.sort(null);
    return response.statusCode()
        + " "
        + response.body().replaceAll("\"requestId\":\"[0-9a-f]+\"", "")
        + headers;
  }

  private void assertBindsNothing(JsonObject forged) {
    Response bound = post(token, "/api/me/phone", forged);
    Response opened = post(token, "/api/me/decrypt", forged);

    assertEquals(409, bound.status(), bound.toString());
    assertEquals("decrypt_failed", bound.field("error"));
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
    assertEquals(1, database.number("SELECT key_failures FROM identity"), "it counts as a failure");
    assertEquals(200, opened.status(), "it passes every check but that of its shape");
    assertEquals("13900001111", opened.field("phoneNumber"));
  }

  private JsonObject cut(JsonObject userInfo) {
    ProfileEvent profile = server.weChat.profile(APP, ALICE, userInfo);
    byte[] ciphertext = Base64.getDecoder().decode(profile.encryptedData());
    byte[] plain = userInfo.toString().getBytes(StandardCharsets.UTF_8);
    byte[] wanted = "{\"phoneNumber\":\"".getBytes(StandardCharsets.UTF_8);
    byte[] iv = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      iv[i] = (byte) (ciphertext[i] ^ plain[BLOCK + i] ^ wanted[i]);
    }
    return json(
        "encryptedData",
        Base64.getEncoder()
            .encodeToString(Arrays.copyOfRange(ciphertext, BLOCK, ciphertext.length)),
        "iv",
        Base64.getEncoder().encodeToString(iv));
  }
}
