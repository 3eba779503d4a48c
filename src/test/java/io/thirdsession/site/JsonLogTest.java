package io.thirdsession.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.TreeSet;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented formatter of Tomcat's makes one JSON object a line of what we log. */
class JsonLogTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "event=login at=2026-11-22T08:00:00Z user=01a20377-d06c-726d-9486-34975df567d9",
        "request refused reason=\"a field is \\ missing\" {0} %s",
        "two\r\nlines and a\ttab\u0007",
        "微信响应超时 😀"
      })
  void eachLineIsOneObjectWithTheMessage(String message) throws Exception {
    String line = formatter().format(entry(message, null));

    assertEquals(1, line.lines().count(), line);
    JsonObject object = JsonParser.parseString(line).getAsJsonObject();
    assertEquals(message, object.get("message").getAsString());
    assertEquals("WARNING", object.get("level").getAsString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a fault", "a \"fault\"\n\tat nowhere"})
  void anExceptionIsInTheSameLine(String text) throws Exception {
    String line = formatter().format(entry("a task failed", new IllegalStateException(text)));

    assertEquals(1, line.lines().count(), line);
    JsonObject object = JsonParser.parseString(line).getAsJsonObject();
    assertTrue(object.get("throwable").toString().contains("IllegalStateException"), line);
  }

  private static LogRecord entry(String message, Throwable thrown) {
    LogRecord entry = new LogRecord(Level.WARNING, message);
    entry.setLoggerName("io.thirdsession.http.Responder");
    entry.setThrown(thrown);
    return entry;
  }

  private static Formatter formatter() throws Exception {
    Properties documented = properties();
    assertEquals(2, documented.size());
    TreeSet<String> classes = new TreeSet<>();
    documented.values().forEach(its -> classes.add((String) its));
    return (Formatter) Class.forName(classes.first()).getDeclaredConstructor().newInstance();
  }

  private static Properties properties() throws IOException {
    String block =
        Page.read(Page.SITE.resolve("operations.md")).section("### As JSON").examples().get(0);
    Properties properties = new Properties();
    properties.load(new StringReader(block.replace("```properties", "").replace("```", "")));
    return properties;
  }
}
