package io.thirdsession.lazyimport;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An operator's system that is asked about users, over HTTP. */
final class OperatorsSystem implements AutoCloseable {
  /** What is to be answered. */
  interface Way {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final Map<String, JsonObject> users = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile CountDownLatch mayAnswer = new CountDownLatch(0);
  private volatile Way way = this::asItKnows;

  private OperatorsSystem(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  static OperatorsSystem start() {
    try {
      return new OperatorsSystem(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/users/find");
  }

  /** Knows this user from now on: a line of an import. */
  void add(JsonObject line) {
    users.put(line.get("openid").getAsString(), line);
  }

  /** Answers in this way, whoever is asked about. */
  void answers(Way other) {
    way = other;
  }

  /** Answers what it knows, at once. */
  void answersAgain() {
    way = this::asItKnows;
    CountDownLatch waiting = mayAnswer;
    mayAnswer = new CountDownLatch(0);
    while (waiting.getCount() > 0) {
      waiting.countDown();
    }
  }

  /** Takes questions and answers none until it may again. */
  void holdsAnswers() {
    answersWhen(new CountDownLatch(1));
  }

  /** Takes questions and answers none until this is down, or it may again. */
  void answersWhen(CountDownLatch down) {
    mayAnswer = down;
  }

  /** Returns the questions: method, path, type, credentials and body of each. */
  List<String> asked() {
    return asked;
  }

  void forget() {
    users.clear();
    asked.clear();
    answersAgain();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = text(exchange);
    asked.add(
        String.join(
            " ",
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            body));
    exchange.setAttribute("openid", openId(body));
    try {
      mayAnswer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    way.answer(exchange);
    exchange.close();
  }

  private static String openId(String body) {
    return JsonParser.parseString(body).getAsJsonObject().get("openid").getAsString();
  }

  private void asItKnows(HttpExchange exchange) throws IOException {
    JsonObject user = users.get(exchange.getAttribute("openid"));
    if (user == null) {
      exchange.sendResponseHeaders(204, -1);
    } else {
      send(exchange, 200, user.toString());
    }
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String text(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    answersAgain();
    server.stop(0);
    threads.shutdownNow();
  }
}
