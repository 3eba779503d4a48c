package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.util.stream.Stream;

/** What the doctor of a server says in English. */
record Diagnosis(JsonObject body) {

  /** Asks the doctor; headers come in pairs. */
  static Diagnosis of(AppServer server, String... headers) {
    String[] all =
        Stream.of(TestClients.basic(), new String[] {"Accept-Language", "en"}, headers)
            .flatMap(Stream::of)
            .toArray(String[]::new);
    Response response = server.http.get("/api/doctor", all);
    assertEquals(200, response.status(), response.text());
    return new Diagnosis(response.json());
  }

  void assertOk(String name) {
    assertEquals("ok", line(name).get("status").getAsString(), () -> line(name).toString());
    assertEquals(false, line(name).has("cure"));
  }

  /** Fails unless the line has this status, and its message and its cure hold these. */
  void assertSick(String status, String name, String said, String cure) {
    JsonObject line = line(name);
    assertEquals(status, line.get("status").getAsString(), line::toString);
    assertTrue(line.get("message").getAsString().contains(said), line::toString);
    assertTrue(line.get("cure").getAsString().contains(cure), line::toString);
  }

  JsonObject line(String name) {
    for (JsonElement line : body.getAsJsonArray("checks")) {
      if (line.getAsJsonObject().get("name").getAsString().equals(name)) {
        return line.getAsJsonObject();
      }
    }
    throw new AssertionError("no line " + name + " in " + body);
  }
}
