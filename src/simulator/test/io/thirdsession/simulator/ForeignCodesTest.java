package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Codes that DevTools made, at a simulator that accepts them. */
class ForeignCodesTest extends SimulatorTestBase {
  private static final String FOREIGN = "0f1AbCdEfGhIjKlMnOpQrStUvWxYz012";

  @Override
  SimulatorOptions options() {
    return super.options().withForeignCodes(SimulatorOptions.ForeignCodes.ACCEPT);
  }

  @Test
  void acceptsAForeignLoginCodeOnceAsTheDefaultUser() throws Exception {
    JsonObject response = exchange(FOREIGN);

    assertEquals(simulator.defaultOpenId(APP), response.get("openid").getAsString());
    assertErrcode(40163, exchange(FOREIGN));
  }

  @Test
  void acceptsTheMockCodeAnyNumberOfTimes() throws Exception {
    String first = exchange("the code is a mock one").get("openid").getAsString();
    String second = exchange("the code is a mock one").get("openid").getAsString();

    assertEquals(simulator.defaultOpenId(APP), first);
    assertEquals(first, second);
  }

  @Test
  void stillRefusesTheCodeOfAnotherApp() throws Exception {
    assertErrcode(40029, exchange(simulator.loginCode(OTHER_APP, ALICE)));
  }

  @Test
  void stillRefusesItsOwnPhoneCodeForALogin() throws Exception {
    logInAlice();

    assertErrcode(40029, exchange(simulator.phone(APP, ALICE).code()));
  }

  @Test
  void givesTheDefaultNumberForAForeignPhoneCode() throws Exception {
    String openId = exchange(FOREIGN).get("openid").getAsString();
    String path = "/wxa/business/getuserphonenumber?access_token=" + accessToken();
    String body = "{\"code\":\"foreign-phone-code\",\"openid\":\"" + openId + "\"}";

    JsonObject response = postJson(path, body);

    assertEquals(
        "13580006666", response.getAsJsonObject("phone_info").get("phoneNumber").getAsString());
    assertErrcode(40029, postJson(path, body));
  }

  @Test
  void acceptsAnySecretForTheTouristApp() throws Exception {
    try (WeChatSimulator tourist = WeChatSimulator.startOnFreePort()) {
      SimulatorRequest request =
          new SimulatorRequest(
              "GET",
              "/sns/jscode2session",
              loginPath("touristappid", "anything", "the code is a mock one").split("\\?")[1],
              Map.of(),
              new byte[0]);

      assertTrue(tourist.handle(request).bodyText().contains("openid"));
    }
  }
}
