package io.thirdsession.testing;

import static io.thirdsession.testing.TestHttp.bearer;

import com.google.gson.JsonObject;
import io.thirdsession.testing.TestHttp.Response;
import java.util.stream.Stream;

/** A database, a server on it, and what tests say to that server. */
abstract class AppFixture {
  protected TestDatabase database;
  protected AppServer server;

  private final String[] settings;

  AppFixture(String... settings) {
    this.settings = settings;
  }

  final void start() throws Exception {
    database = TestDatabase.create();
    try {
      server = AppServer.start(database, settings);
    } catch (Exception e) {
      database.close();
      throw e;
    }
  }

  final void stop() {
    server.close();
    database.close();
  }

  /** Starts the server anew on the same database, with these settings too. */
  protected final void restart(String... more) throws Exception {
    server.close();
    String[] all = Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new);
    server = AppServer.start(database, all);
  }

  protected final Response getMe(String token) {
    return server.http.get("/api/me", bearer(token));
  }

  protected final JsonObject me(String token) {
    return getMe(token).json();
  }

  protected final Response post(String token, String path, JsonObject body) {
    return server.http.post(path, body.toString(), bearer(token));
  }

  /** Returns a JSON object of texts, in pairs. */
  public static JsonObject json(String... fields) {
    JsonObject json = new JsonObject();
    for (int i = 0; i < fields.length; i += 2) {
      json.addProperty(fields[i], fields[i + 1]);
    }
    return json;
  }
}
