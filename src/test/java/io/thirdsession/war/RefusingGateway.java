package io.thirdsession.war;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Refuses whatever it is asked with one status, also those that today's gateway does not have. */
final class RefusingGateway implements AutoCloseable {
  static final String BODY = "{\"error\":\"refused\",\"requestId\":\"6fd4908d411afb99\"}";

  private final HttpServer server;
  private final int status;

  private RefusingGateway(HttpServer server, int status) {
    this.server = server;
    this.status = status;
  }

  static RefusingGateway start(int status) throws IOException {
    RefusingGateway gateway =
        new RefusingGateway(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
            status);
    gateway.server.createContext("/api/gateway", gateway::refuse);
    gateway.server.start();
    return gateway;
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void refuse(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json;charset=utf-8");
      exchange.getResponseHeaders().set("Retry-After", "7");
      byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
