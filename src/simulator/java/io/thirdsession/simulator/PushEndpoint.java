package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code POST /sim/push}: WeChat tells a server what a user has done in WeChat. */
final class PushEndpoint {
  /** As long as WeChat waits. */
  private static final int PATIENCE_MILLIS = 5_000;

  private static final int FIRST_ERROR = 400;

  /** A page of another site must not make this machine call any server of its network. */
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost");

  private final World world;

  PushEndpoint(World world) {
    this.world = world;
  }

  JsonObject push(String appId, String openId, Fields fields) {
    URI url = URI.create(required(fields, "url"));
    if (!"http".equals(url.getScheme()) || !THIS_MACHINE.contains(String.valueOf(url.getHost()))) {
      throw new IllegalArgumentException(
          "url must begin with http://127.0.0.1 or http://localhost");
    }
    String aesKey = fields.text("aesKey").orElse("");
    Push push =
        Push.of(
            new Push.Target(url, appId, required(fields, "token"), aesKey),
            Push.event(
                required(fields, "event"),
                openId,
                fields.text("revokeInfo").orElse(""),
                world.clock().instant()),
            mode(fields.text("mode"), aesKey),
            Push.Format.valueOf(fields.text("format").orElse("xml").toUpperCase(Locale.ROOT)),
            world.clock().instant(),
            world.ids());
    return send(push);
  }

  private static Push.Mode mode(Optional<String> named, String aesKey) {
    Push.Mode mode =
        named
            .map(name -> Push.Mode.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(aesKey.isEmpty() ? Push.Mode.PLAIN : Push.Mode.SAFE);
    if (mode != Push.Mode.PLAIN && aesKey.length() != 43) {
      throw new IllegalArgumentException("aesKey must have 43 characters");
    }
    return mode;
  }

  private static JsonObject send(Push push) {
    JsonObject answer = new JsonObject();
    try {
      HttpURLConnection connection = (HttpURLConnection) push.uri().toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", push.contentType());
      connection.getOutputStream().write(push.body().getBytes(StandardCharsets.UTF_8));
      int status = connection.getResponseCode();
      answer.addProperty("status", status);
      answer.addProperty("body", body(connection, status));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "url gave no response: " + e.getClass().getSimpleName(), e);
    }
    return answer;
  }

  private static String body(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status < FIRST_ERROR ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String required(Fields fields, String name) {
    return fields
        .text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }
}
