package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenApiTest extends SimulatorTestBase {
  private static final String FORCE = ",\"force_refresh\":true";

  @Test
  void givesATokenForTwoHours() throws Exception {
    JsonObject response = stableToken(APP, SECRET);

    assertEquals(7200, response.get("expires_in").getAsInt());
    assertTrue(response.get("access_token").getAsString().length() <= 512);
  }

  @Test
  void givesTheSameStableTokenWithTheTimeThatIsLeft() throws Exception {
    String first = accessToken();
    simulator.advance(Duration.ofSeconds(6900));

    JsonObject second = stableToken(APP, SECRET);

    assertEquals(first, second.get("access_token").getAsString());
    assertEquals(300, second.get("expires_in").getAsInt());
  }

  @Test
  void replacesTheStableTokenInItsLastFiveMinutes() throws Exception {
    String first = accessToken();
    simulator.advance(Duration.ofSeconds(6901));

    JsonObject second = stableToken(APP, SECRET);

    assertNotEquals(first, second.get("access_token").getAsString());
    assertEquals(7200, second.get("expires_in").getAsInt());
  }

  @Test
  void keepsTheReplacedStableTokenValidForFiveMinutes() throws Exception {
    String first = accessToken();
    simulator.advance(Duration.ofSeconds(7100));
    accessToken();

    simulator.advance(Duration.ofSeconds(299));
    assertErrcode(41009, use(first));
    simulator.advance(Duration.ofSeconds(1));
    assertErrcode(40001, use(first));
  }

  @Test
  void killsTheOldTokenOnAForcedRefresh() throws Exception {
    String first = accessToken();

    String second = forceRefresh().get("access_token").getAsString();

    assertErrcode(40001, use(first));
    assertErrcode(41009, use(second));
  }

  @Test
  void doesNotRefreshWhenForcedTwiceWithinThirtySeconds() throws Exception {
    String first = forceRefresh().get("access_token").getAsString();
    simulator.advance(Duration.ofSeconds(29));
    assertEquals(first, forceRefresh().get("access_token").getAsString());

    simulator.advance(Duration.ofSeconds(1));

    assertNotEquals(first, forceRefresh().get("access_token").getAsString());
  }

  @Test
  void refusesTheTwentyFirstForcedRefreshOfADay() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertTrue(forceRefresh().has("access_token"));
      simulator.advance(Duration.ofSeconds(30));
    }

    assertErrcode(45009, forceRefresh());
    simulator.advance(Duration.ofDays(1));
    assertTrue(forceRefresh().has("access_token"));
  }

  @Test
  void replacesTheClassicTokenAtEveryCall() throws Exception {
    String first = classicToken();
    String second = classicToken();

    assertNotEquals(first, second);
    simulator.advance(Duration.ofSeconds(299));
    assertErrcode(41009, use(first));
    simulator.advance(Duration.ofSeconds(1));
    assertErrcode(40001, use(first));
    assertErrcode(41009, use(second));
  }

  @Test
  void keepsStableAndClassicTokensApart() throws Exception {
    String stable = accessToken();
    classicToken();
    simulator.advance(Duration.ofMinutes(6));

    assertErrcode(41009, use(stable));
    assertEquals(stable, accessToken());
  }

  @Test
  void refusesATokenAtExactlyTwoHours() throws Exception {
    String token = accessToken();

    simulator.advance(Duration.ofSeconds(7199));
    assertErrcode(41009, use(token));
    simulator.advance(Duration.ofSeconds(1));
    assertErrcode(42001, use(token));
  }

  @ParameterizedTest
  @CsvSource({"41001, ''", "40014, not%20a%20token", "40001, 92_abcdefghijklmnopqrstuvwxyz"})
  void refusesTokensThatItDidNotIssue(int errcode, String token) throws Exception {
    assertErrcode(errcode, getJson("/wxa/checksession?access_token=" + token));
  }

  @ParameterizedTest
  @CsvSource({
    "40002, appid=" + APP + "&secret=s",
    "41002, grant_type=client_credential&secret=s",
    "41004, grant_type=client_credential&appid=" + APP,
    "40013, grant_type=client_credential&appid=wx00&secret=s",
    "40125, grant_type=client_credential&appid=" + APP + "&secret=s",
  })
  void refusesABadCallOfToken(int errcode, String query) throws Exception {
    assertErrcode(errcode, getJson("/cgi-bin/token?" + query));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "44002 | ''",
        "47001 | grant_type=client_credential",
        "47001 | [1]",
        "47001 | {\"grant_type\":\"client_credential\",\"force_refresh\":\"yes\"}",
        "40002 | {\"appid\":\"" + APP + "\",\"secret\":\"s\"}",
        "41002 | {\"grant_type\":\"client_credential\",\"secret\":\"s\"}",
        "41004 | {\"grant_type\":\"client_credential\",\"appid\":\"" + APP + "\"}",
        "40013 | {\"grant_type\":\"client_credential\",\"appid\":\"wx00\",\"secret\":\"s\"}",
      })
  void refusesABadCallOfStableToken(int errcode, String body) throws Exception {
    assertErrcode(errcode, postJson("/cgi-bin/stable_token", body));
  }

  @Test
  void refusesAWrongSecret() throws Exception {
    assertErrcode(40125, stableToken(APP, OTHER_SECRET));
  }

  @Test
  void refusesStableTokenByGet() throws Exception {
    assertErrcode(43002, getJson("/cgi-bin/stable_token?grant_type=client_credential"));
  }

  /** Uses the token where only the openid is missing then: 41009 means that the token was good. */
  private JsonObject use(String token) throws Exception {
    return getJson("/wxa/checksession?access_token=" + token);
  }

  private JsonObject forceRefresh() throws Exception {
    return postJson("/cgi-bin/stable_token", tokenBody(APP, SECRET, FORCE));
  }

  private String classicToken() throws Exception {
    String query = "?grant_type=client_credential&appid=" + APP + "&secret=" + SECRET;
    return getJson("/cgi-bin/token" + query).get("access_token").getAsString();
  }

  @Test
  void refusesAnUnknownTokenInWeChatsOwnWords() throws Exception {
    String token = "x".repeat(32);

    String errmsg = errmsg(getJson("/wxa/checksession?access_token=" + token));

    assertTrue(
        errmsg.matches(
            "invalid credential, access_token is invalid or not latest, could get access_token by"
                + " getStableAccessToken, more details at https://mmbizurl\\.cn/s/JtxxFh33r"
                + " rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"),
        errmsg);
  }

  @Test
  void putsABlankBeforeTheRequestIdOfAllButTheLoginCall() throws Exception {
    assertTrue(
        errmsg(getJson("/wxa/checksession")).startsWith("access_token missing rid: "),
        "as at /wxa/*");
    assertTrue(
        errmsg(getJson("/cgi-bin/token?grant_type=client_credential"))
            .startsWith("appid missing rid: "),
        "as at /cgi-bin/*");
    assertTrue(
        errmsg(getJson("/sns/jscode2session")).startsWith("appid missing, rid: "), "as at /sns/*");
  }

  private static String errmsg(JsonObject answer) {
    return answer.get("errmsg").getAsString();
  }
}
