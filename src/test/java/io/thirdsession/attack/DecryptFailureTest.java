package io.thirdsession.attack;

import static io.thirdsession.attack.Defect.DECRYPT;
import static io.thirdsession.attack.Defect.PHONE;
import static io.thirdsession.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.OpenDataUser;
import io.thirdsession.testing.OpenDataUser.Encrypted;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.wechat.OpenDataException.Reason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Open data that is not taken: what the sender learns, which is nothing, and what the log says. */
class DecryptFailureTest extends AppTestBase {
  private static final Logger log = Logger.getLogger(DecryptFailureTest.class.getName());
  private static final Pattern REASON = Pattern.compile("reason=\"([A-Z_]+) ");

  @ParameterizedTest
  @ValueSource(strings = {DECRYPT, PHONE})
  void dataWithoutDefectIsTaken(String path) {
    OpenDataUser user = OpenDataUser.logIn(server, "alice");

    Response response = user.send(path, Defect.good(user));

    assertEquals(200, response.status(), response.toString());
    assertEquals(OpenDataUser.PHONE, response.field("phoneNumber"));
  }

  @Test
  void everyDefectIsAnsweredAlikeToTheByte() throws Exception {
    Map<String, List<String>> responses = new TreeMap<>();
    Set<Reason> reached = EnumSet.noneOf(Reason.class);
    try (LogCapture lines = LogCapture.of("io.thirdsession")) {
      for (Defect defect : Defect.values()) {
        for (String path : List.of(DECRYPT, PHONE)) {
          if (defect.isOneAt(path)) {
            reached.add(bringAbout(defect, path, responses, lines));
          }
        }
      }
      restart("PHONE_ENCRYPTED", "checked");
      reached.add(bringAbout(Defect.NOT_OF_WECHAT, PHONE, responses, lines));
    }

    assertEquals(EnumSet.allOf(Reason.class), reached);
    assertEquals(1, responses.size(), responses.toString());
    assertTrue(responses.keySet().iterator().next().startsWith("409 "), responses.toString());
  }

  /**
   * Measures, with a user of its own for each sample, and says what it has measured in the log.
   * What a test may claim of time is its order of magnitude: more samples are taken with {@code
   * -Pattacks}.
   */
  @Test
  void everyCauseIsAnsweredEquallyLate() {
    int samples = Integer.getInteger("timing.samples", 3);
    List<Defect> causes =
        List.of(Defect.NOT_BASE64, Defect.UNDER_ANOTHER_KEY, Defect.OF_ANOTHER_APP);
    Map<Defect, List<Double>> millis = new EnumMap<>(Defect.class);
    for (int i = -1; i < samples; i++) { // the first of each warms up
      for (int j = 0; j < causes.size(); j++) {
        Defect cause = causes.get((i + 1 + j) % causes.size());
        double took = millis(cause, cause + "-" + i);
        if (i >= 0) {
          millis.computeIfAbsent(cause, c -> new ArrayList<>()).add(took);
        }
      }
    }

    Map<Defect, Double> medians = new EnumMap<>(Defect.class);
    millis.forEach((cause, took) -> medians.put(cause, median(took)));
    double least = medians.values().stream().min(Double::compare).orElseThrow();
    double greatest = medians.values().stream().max(Double::compare).orElseThrow();
    log.info(
        String.format(
            Locale.ROOT,
            "medians of %d samples in ms: %s, greatest difference %.2f %%",
            samples,
            medians,
            100 * (greatest - least) / least));
    assertTrue(least >= 100, medians.toString());
    assertTrue(greatest < 10 * least, medians.toString());
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void theLogHasEveryReasonAndItsCureInTwoLanguagesAndNoSecret(Reason reason) throws Exception {
    if (reason == Reason.NOT_OF_WECHAT) {
      restart("PHONE_ENCRYPTED", "checked");
    }
    try (LogCapture lines = LogCapture.of("io.thirdsession")) {
      OpenDataUser user = OpenDataUser.logIn(server, "alice");
      Encrypted sent = Defect.of(reason).data(user);

      Response response = user.send(PHONE, sent);

      String line = refusal(response, lines);
      assertEquals(1, line.lines().count(), line);
      assertTrue(
          line.endsWith(
              "reason=\"" + reason + " user=" + user.userId() + " cure: " + reason.cure() + "\""),
          line);
      assertTrue(reason.cure().matches("[ -~]{10,} / .*\\p{IsHan}.*"), reason.cure());
      List<String> secrets = new ArrayList<>(user.secrets());
      secrets.addAll(List.of(sent.encryptedData(), sent.iv(), OpenDataUser.PHONE, user.openId()));
      secrets.add("canary-app-secret");
      for (String secret : secrets) {
        assertEquals(List.of(), lines.linesWith(secret));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAWrongKeyTheLogSaysWhetherItIsStillTheOneOfWeChat(boolean current) throws Exception {
    try (LogCapture lines = LogCapture.of("io.thirdsession")) {
      OpenDataUser user = OpenDataUser.logIn(server, "alice");
      if (!current) {
        user.logInElsewhere();
      }

      String request =
          user.send(DECRYPT, Defect.UNDER_ANOTHER_KEY.data(user)).header("X-Request-Id");

      assertEquals(
          List.of(
              "session_key checked user=%s current=%s request=%s"
                  .formatted(user.userId(), current, request)),
          checks(user, lines));
    }
  }

  @Test
  void itSaysSoOnceAMinuteForEachUser() throws Exception {
    try (LogCapture lines = LogCapture.of("io.thirdsession")) {
      OpenDataUser alice = OpenDataUser.logIn(server, "alice");
      OpenDataUser bob = OpenDataUser.logIn(server, "bob");
      for (int i = 0; i < 3; i++) {
        alice.send(DECRYPT, Defect.UNDER_ANOTHER_KEY.data(alice));
        alice.send(PHONE, Defect.PADDING_CHANGED.data(alice));
      }
      bob.send(DECRYPT, Defect.UNDER_ANOTHER_KEY.data(bob));

      assertEquals(1, checks(bob, lines).size());
      assertEquals(1, checks(alice, lines).size());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Defect.class,
      names = {"NOT_BASE64", "OF_ANOTHER_APP", "NO_PHONE_DATA"})
  void asksWeChatNothingWhenTheKeyIsNotAtFault(Defect defect) throws Exception {
    try (LogCapture lines = LogCapture.of("io.thirdsession")) {
      OpenDataUser user = OpenDataUser.logIn(server, "alice");

      assertEquals(409, user.send(PHONE, defect.data(user)).status());

      awaitTheCheckOfAnother(lines);
      assertEquals(List.of(), lines.linesWith(checked(user)));
    }
  }

  /** Sends it as a user of its own, and returns the reason that the log has. */
  private Reason bringAbout(
      Defect defect, String path, Map<String, List<String>> responses, LogCapture lines) {
    OpenDataUser user = OpenDataUser.logIn(server, defect + path);

    Response response = user.send(path, defect.data(user));

    String name = defect + " at " + path;
    responses.computeIfAbsent(allBut(response), a -> new ArrayList<>()).add(name);
    Matcher reason = REASON.matcher(refusal(response, lines));
    assertTrue(reason.find(), name);
    assertEquals(defect.reason().name(), reason.group(1), name);
    String request = "request=" + response.header("X-Request-Id");
    String audited = "reason=" + defect.reason().name().toLowerCase(Locale.ROOT);
    assertEquals(
        1,
        lines.linesWith("event=").stream()
            .filter(line -> line.contains(request) && line.endsWith(audited))
            .count(),
        name);
    return defect.reason();
  }

  /** Returns the whole answer but for the number of the request, and the time. */
  private static String allBut(Response response) {
    StringBuilder all = new StringBuilder().append(response.status()).append(' ');
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("X-Request-Id") && !name.equalsIgnoreCase("Date")) {
                all.append(name).append('=').append(values).append(' ');
              }
            });
    String id = response.header("X-Request-Id");
    assertTrue(id.matches("[0-9a-f]{16}"), id);
    String body = new String(response.body(), ISO_8859_1);
    assertTrue(body.contains("\"requestId\":\"" + id + '"'), body);
    return all.append(body.replace(id, "")).toString();
  }

  private static String refusal(Response response, LogCapture lines) {
    assertEquals(409, response.status(), response.toString());
    List<String> found =
        lines.linesWith("request=" + response.header("X-Request-Id") + ' ').stream()
            .filter(line -> line.startsWith("request refused error=decrypt_failed "))
            .toList();
    assertEquals(1, found.size(), found.toString());
    return found.get(0);
  }

  /** Returns what was said of this user's session_key once that of another was checked after it. */
  private List<String> checks(OpenDataUser user, LogCapture lines) {
    awaitCheck(user, lines);
    awaitTheCheckOfAnother(lines);
    return lines.linesWith(checked(user));
  }

  private void awaitTheCheckOfAnother(LogCapture lines) {
    OpenDataUser another = OpenDataUser.logIn(server, "another" + lines.lines().size());
    another.send(DECRYPT, Defect.UNDER_ANOTHER_KEY.data(another));
    awaitCheck(another, lines);
  }

  private static void awaitCheck(OpenDataUser user, LogCapture lines) {
    eventually(() -> assertFalse(lines.linesWith(checked(user)).isEmpty(), "no check"));
  }

  private static String checked(OpenDataUser user) {
    return "session_key checked user=" + user.userId() + ' ';
  }

  private double millis(Defect cause, String userName) {
    OpenDataUser user = OpenDataUser.logIn(server, userName);
    Encrypted data = cause.data(user);
    long startedNanos = System.nanoTime();
    Response response = user.send(DECRYPT, data);
    long tookNanos = System.nanoTime() - startedNanos;
    assertEquals(409, response.status(), response.toString());
    return tookNanos / 1e6;
  }

  private static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
