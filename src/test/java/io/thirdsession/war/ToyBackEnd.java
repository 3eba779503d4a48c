package io.thirdsession.war;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody's service behind the proxy: it believes whatever headers arrive. */
final class ToyBackEnd implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /**
   * What arrived.
   *
   * @param headers with names as HTTP compares them
   * @param from the other end of the connection: the same for two requests on one connection
   */
  record Received(
      String method, String path, Headers headers, String body, InetSocketAddress from) {
    /** Returns the only value of this header, or an empty text if nothing arrived. */
    String header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return String.join(" AND ", values);
    }
  }

  private ToyBackEnd(HttpServer server) {
    this.server = server;
  }

  static ToyBackEnd start() throws IOException {
    ToyBackEnd backEnd =
        new ToyBackEnd(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    backEnd.server.setExecutor(backEnd.threads);
    backEnd.server.createContext("/", backEnd::answer);
    backEnd.server.start();
    return backEnd;
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns what has arrived since the last call of this, in its order. */
  List<Received> takeReceived() {
    List<Received> all = List.copyOf(received);
    received.clear();
    return all;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** {@code /shop/status/418} is answered with that status, all else with 200. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      received.add(
          new Received(
              exchange.getRequestMethod(),
              path,
              exchange.getRequestHeaders(),
              body,
              exchange.getRemoteAddress()));
      int status =
          path.startsWith("/shop/status/")
              ? Integer.parseInt(path.substring("/shop/status/".length()))
              : 200;
      byte[] response = "{\"from\":\"the shop\"}".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, response.length);
      exchange.getResponseBody().write(response);
    }
  }
}
