package io.thirdsession.app;

import com.google.gson.JsonObject;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty database and a server on it for each test. */
abstract class AppTestBase {
  TestDatabase database;
  AppServer server;

  private final String[] settings;

  /** Starts with these settings, in pairs. */
  AppTestBase(String... settings) {
    this.settings = settings;
  }

  @BeforeEach
  final void startServer() throws Exception {
    database = TestDatabase.create();
    server = AppServer.start(database, settings);
  }

  @AfterEach
  final void stopServer() {
    server.close();
    database.close();
  }

  /** Starts the server anew on the same database, with these settings too. */
  final void restart(String... more) throws Exception {
    server.close();
    String[] all = Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new);
    server = AppServer.start(database, all);
  }

  final JsonObject me(String token) {
    return server.http.get("/api/me", bearer(token)).json();
  }

  final Answer post(String token, String path, JsonObject body) {
    return server.http.post(path, body.toString(), bearer(token));
  }

  static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  /** Returns a JSON object of texts, in pairs. */
  static JsonObject json(String... fields) {
    JsonObject json = new JsonObject();
    for (int i = 0; i < fields.length; i += 2) {
      json.addProperty(fields[i], fields[i + 1]);
    }
    return json;
  }
}
