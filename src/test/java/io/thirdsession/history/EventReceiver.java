package io.thirdsession.history;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Another system, which is told of events by a webhook and writes down what it hears. */
final class EventReceiver implements AutoCloseable {
  private static final String SECRET = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=";
  private static final int NO_CONTENT = 204;

  private final HttpServer server;
  private final List<HeardEvent> heard = new ArrayList<>();

  EventReceiver() throws IOException {
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  /** Returns the value of WEBHOOKS that leads here. */
  String setting() {
    return SECRET + "@http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Returns what was told, in the order of its arrival; repetitions too. */
  synchronized List<HeardEvent> heard() {
    return List.copyOf(heard);
  }

  private void receive(HttpExchange exchange) throws IOException {
    JsonObject event =
        JsonParser.parseString(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
            .getAsJsonObject();
    synchronized (this) {
      heard.add(
          new HeardEvent(
              event.get("seq").getAsLong(),
              event.get("type").getAsString(),
              event.has("userId") ? event.get("userId").getAsString() : ""));
    }
    exchange.sendResponseHeaders(NO_CONTENT, -1);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
