package io.thirdsession.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.wechat.WeChatException.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeSessionResponseTest {
  private static final WeChatApp APP = new WeChatApp("wx1", Secret.of("canary-app-secret-of-wx1"));
  private static final String KEY = "\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"";
  private static final String OPENID = "\"openid\":\"ogu-84hVFTbTt-myGisQESoDJ6BM\"";

  @Test
  void readsASuccessWithoutErrcode() {
    CodeSession session = read("{" + KEY + "," + OPENID + "}");

    assertEquals("ogu-84hVFTbTt-myGisQESoDJ6BM", session.openId());
    assertEquals(Optional.empty(), session.unionId());
    assertEquals(SessionKey.parse("tiihtNczf5v6AKRyjwEUhQ==").orElseThrow(), session.sessionKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"errcode\":0,",
        "\"errcode\":\"0\",",
        "\"errmsg\":\"ok\",\"errcode\":0,",
        "\"expires_in\":7200,",
        "\"new_field\":{\"a\":[1]},",
        "\"unionid\":\"\",",
      })
  void readsPastWhatVaries(String more) {
    assertEquals(
        "ogu-84hVFTbTt-myGisQESoDJ6BM", read("{" + more + KEY + "," + OPENID + "}").openId());
  }

  @Test
  void readsTheUnionid() {
    CodeSession session =
        read("{" + KEY + "," + OPENID + ",\"unionid\":\"o6_bmjrPTlm6_2sgVt7hMZOPfL2M\"}");

    assertEquals(Optional.of("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"), session.unionId());
  }

  @Test
  void readsPastAByteOrderMark() {
    assertEquals(
        "ogu-84hVFTbTt-myGisQESoDJ6BM", read("\uFEFF{" + KEY + "," + OPENID + "}").openId());
  }

  @Test
  void readsEscapedSlashesInTheKey() {
    assertEquals(
        SessionKey.parse("o0q0otL8aEzpcZL/FT9WsQ==").orElseThrow(),
        read("{\"session_key\":\"o0q0otL8aEzpcZL\\/FT9WsQ==\"," + OPENID + "}").sessionKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "<html></html>",
        "{",
        "{}",
        "{\"errcode\":0}",
        "{\"errcode\":true}",
        "{\"errcode\":\"x\"}",
        "{\"errcode\":1e3}",
        "{\"errcode\":[40029]}",
        "{\"errcode\":99999999999}",
        "{\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":\"o1\"}",
        "{\"openid\":\"\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":7,\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":null,\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":\"a b\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":\"o1\",\"openid\":\"o2\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":\"o1\",\"unionid\":\"a'b\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
        "{\"openid\":\"o1\",\"session_key\":\"\"}",
        "{\"openid\":\"o1\",\"session_key\":\"tiihtNczf5v6AKRyjwEU\"}",
        "{\"openid\":\"o1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ=\"}",
        "{\"openid\":\"o1\",\"session_key\":\"tiihtNczf5v6AKRyjwEU*Q==\"}",
        "{\"openid\":\"o1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQQQ\"}",
        "{\"errcode\":40029,\"openid\":\"o1\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}",
      })
  void refusesWhatIsNotTheDocumentedAnswer(String body) {
    assertEquals(Kind.MALFORMED, failure(body).kind());
  }

  @Test
  void takesAnOpenidOf64CharactersAndRefuses65() {
    String longest = "o".repeat(64);

    assertEquals(longest, read("{" + KEY + ",\"openid\":\"" + longest + "\"}").openId());
    assertEquals(Kind.MALFORMED, failure("{" + KEY + ",\"openid\":\"o" + longest + "\"}").kind());
  }

  @ParameterizedTest
  @CsvSource({
    "40029, CODE_REFUSED",
    "40163, CODE_REFUSED",
    "41008, CODE_REFUSED",
    "40226, USER_BLOCKED",
    "45011, RATE_LIMITED",
    "45009, QUOTA_EXHAUSTED",
    "40013, CONFIGURATION",
    "40125, CONFIGURATION",
    "40164, CONFIGURATION",
    "40243, CONFIGURATION",
    "41002, CONFIGURATION",
    "41004, CONFIGURATION",
    "40002, CONFIGURATION",
    "48001, CONFIGURATION",
    "50002, CONFIGURATION",
    "61004, CONFIGURATION",
    "-1, BUSY",
    "99999, MALFORMED",
  })
  void knowsWhatEachErrcodeMeans(int errcode, Kind kind) {
    WeChatException asNumber = failure("{\"errcode\":" + errcode + ",\"errmsg\":\"x, rid: 1\"}");
    WeChatException asText = failure("{\"errcode\":\"" + errcode + "\"}");

    assertEquals(kind, asNumber.kind());
    assertEquals(kind, asText.kind());
    assertEquals(errcode, asNumber.errcode().orElseThrow());
    assertEquals(kind == Kind.CONFIGURATION, asNumber.cure().isPresent());
  }

  @Test
  void neverRepeatsSecretOrControlCharactersFromWeChat() {
    WeChatException e =
        failure(
            "{\"errcode\":40125,\"errmsg\":\"invalid appsecret canary-app-secret-of-wx1\\r\\n"
                + "forged line \\u001b[31m"
                + "x".repeat(1_000)
                + "\"}");

    String message = String.valueOf(e.getMessage());
    assertFalse(message.contains("canary"), "secret");
    assertFalse(message.contains("\n"), "line");
    assertFalse(message.contains("\u001b"), "escape");
    assertTrue(message.length() < 300, "length");
  }

  private static CodeSession read(String body) {
    return CodeSessionResponse.read(body.getBytes(UTF_8), APP);
  }

  private static WeChatException failure(String body) {
    return assertThrows(WeChatException.class, () -> read(body));
  }
}
