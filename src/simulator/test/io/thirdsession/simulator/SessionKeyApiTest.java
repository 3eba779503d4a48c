package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SessionKeyApiTest extends SimulatorTestBase {

  @Test
  void confirmsTheCurrentKey() throws Exception {
    String key = logInAlice();

    assertErrcode(0, call("checksession", ALICE, sign(key), "hmac_sha256"));
  }

  @Test
  void refusesAKeyThatALoginReplaced() throws Exception {
    String key = logInAlice();
    simulator.rotateKeyAtNextLogin(APP, ALICE);
    logInAlice();

    assertErrcode(87009, call("checksession", ALICE, sign(key), "hmac_sha256"));
  }

  @Test
  void refusesASignatureInCapitals() throws Exception {
    String signature = sign(logInAlice()).toUpperCase(Locale.ROOT);

    assertErrcode(87009, call("checksession", ALICE, signature, "hmac_sha256"));
  }

  @Test
  void refusesAnotherSignatureMethod() throws Exception {
    String key = logInAlice();

    assertErrcode(87008, call("checksession", ALICE, sign(key), "sha1"));
  }

  @Test
  void refusesAUserWithoutAKey() throws Exception {
    simulator.block(APP, BOB, false);

    assertErrcode(87007, call("checksession", BOB, "00", "hmac_sha256"));
  }

  @Test
  void refusesAnUnknownUser() throws Exception {
    assertErrcode(40003, call("checksession", BOB, "00", "hmac_sha256"));
  }

  @Test
  void givesANewKeyOnReset() throws Exception {
    String oldKey = logInAlice();

    JsonObject response = call("resetusersessionkey", ALICE, sign(oldKey), "hmac_sha256");

    String newKey = response.get("session_key").getAsString();
    assertErrcode(0, response);
    assertEquals(ALICE, response.get("openid").getAsString());
    assertNotEquals(oldKey, newKey);
    assertEquals(newKey, simulator.sessionKey(APP, ALICE));
    assertErrcode(87009, call("checksession", ALICE, sign(oldKey), "hmac_sha256"));
  }

  @Test
  void letsAResetKeyInheritTheAgeOfTheOldOne() throws Exception {
    String oldKey = logInAlice();
    simulator.advance(Duration.ofSeconds(59));
    call("resetusersessionkey", ALICE, sign(oldKey), "hmac_sha256");
    String newKey = simulator.sessionKey(APP, ALICE);
    simulator.advance(Duration.ofSeconds(1));

    assertNotEquals(newKey, logInAlice());
  }

  @Test
  void refusesResetWithAWrongSignature() throws Exception {
    logInAlice();

    assertErrcode(87009, call("resetusersessionkey", ALICE, "00", "hmac_sha256"));
  }

  private JsonObject call(String api, String openId, String signature, String method)
      throws Exception {
    return getJson(
        "/wxa/%s?access_token=%s&openid=%s&signature=%s&sig_method=%s"
            .formatted(api, accessToken(), openId, signature, method));
  }

  private static String sign(String sessionKey) {
    return WeChatCrypto.sessionSignature(sessionKey, "");
  }
}
