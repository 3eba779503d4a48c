package io.thirdsession.miniprogram;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The network of a phone. */
final class PhoneHttp {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** Makes the bytes of a file known. */
  void file(String path, byte[] bytes) {
    files.put(path, bytes.clone());
  }

  /**
   * Sends a message of the shim, and tells one of the two what came of it, on any thread.
   *
   * @return breaks it off
   */
  Runnable send(JsonObject message, Consumer<JsonObject> answered, Consumer<String> failed) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(message.get("url").getAsString()))
            .method(
                message.get("method").getAsString(),
                HttpRequest.BodyPublishers.ofByteArray(body(message)));
    for (Map.Entry<String, JsonElement> header : message.getAsJsonObject("headers").entrySet()) {
      request.header(header.getKey(), header.getValue().getAsString());
    }
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(
            request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    exchange.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            answered.accept(reply(response));
          } else {
            failed.accept("no answer");
          }
        });
    return () -> exchange.cancel(true);
  }

  private byte[] body(JsonObject message) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (JsonElement part : message.getAsJsonArray("parts")) {
      JsonObject fields = part.getAsJsonObject();
      body.writeBytes(
          fields.has("file")
              ? files.get(fields.get("file").getAsString())
              : fields.get("text").getAsString().getBytes(StandardCharsets.UTF_8));
    }
    return body.toByteArray();
  }

  private static JsonObject reply(HttpResponse<String> response) {
    JsonObject headers = new JsonObject();
    response.headers().map().forEach((name, values) -> headers.addProperty(name, values.get(0)));
    JsonObject reply = new JsonObject();
    reply.addProperty("status", response.statusCode());
    reply.add("headers", headers);
    reply.addProperty("body", response.body());
    return reply;
  }
}
