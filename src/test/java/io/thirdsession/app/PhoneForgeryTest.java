package io.thirdsession.app;

import static io.thirdsession.app.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.TestHttp.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users who try to bind a number that is not theirs, with nothing but what their phone has. */
class PhoneForgeryTest extends AppTestBase {
  private static final String ALICE = AppServer.openId("alice");
  private static final int BLOCK = 16;

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
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
   * encrypt any text under a key that one does not know (CBC-R over a padding oracle).
   */
  @Test
  void thirtyThousandTriesTeachNothing() throws Exception {
    int tries = 30_000;
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Semaphore places = new Semaphore(200);
    Set<String> answers = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < tries; i++) {
      places.acquire();
      running.add(
          answered(client, guess(i), 20)
              .thenAccept(answer -> answers.add(withoutRequestId(answer)))
              .whenComplete((done, failure) -> places.release()));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();

    assertEquals(1, answers.size(), answers.toString());
    assertTrue(answers.iterator().next().startsWith("409 "), answers.toString());
    assertEquals(5, database.number("SELECT key_failures FROM identity"), "no key was tried more");
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
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
            answer ->
                answer.statusCode() == 503 && repeats > 0
                    ? answered(client, guess, repeats - 1)
                    : CompletableFuture.completedFuture(answer));
  }

  /**
   * The adaptive attack's questions: which last bytes of the iv make the padding of a block good.
   */
  private HttpRequest guess(int number) {
    byte[] block = new byte[BLOCK];
    block[0] = (byte) (number / 65_536);
    block[1] = (byte) (number / 256);
    byte[] iv = new byte[BLOCK];
    iv[BLOCK - 1] = (byte) number;
    JsonObject body =
        json(
            "encryptedData",
            Base64.getEncoder().encodeToString(block),
            "iv",
            Base64.getEncoder().encodeToString(iv));
    return HttpRequest.newBuilder(URI.create(server.http.base() + "/api/me/phone"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  private static String withoutRequestId(HttpResponse<String> answer) {
    List<String> headers = new ArrayList<>();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equals("x-request-id") && !name.equals("date")) {
                headers.add(name + "=" + values);
              }
            });
    headers.sort(null);
    return answer.statusCode()
        + " "
        + answer.body().replaceAll("\"requestId\":\"[0-9a-f]+\"", "")
        + headers;
  }

  private void assertBindsNothing(JsonObject forged) {
    Answer bound = post(token, "/api/me/phone", forged);
    Answer opened = post(token, "/api/me/decrypt", forged);

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
