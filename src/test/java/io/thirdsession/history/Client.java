package io.thirdsession.history;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the nodes for this and that, one thing after the other, and writes down what it is told. */
final class Client {
  /** Which deed, as often as it stands here. */
  private static final List<Deed> DEEDS =
      List.of(
          Deed.LOGIN,
          Deed.LOGIN,
          Deed.LOGIN,
          Deed.LOGIN,
          Deed.LOGIN,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.CHECK,
          Deed.READ,
          Deed.READ,
          Deed.READ,
          Deed.READ,
          Deed.READ,
          Deed.READ,
          Deed.WRITE,
          Deed.WRITE,
          Deed.WRITE,
          Deed.WRITE,
          Deed.BIND,
          Deed.BIND,
          Deed.LOGOUT,
          Deed.LOGOUT,
          Deed.LOGOUT,
          Deed.END_ALL,
          Deed.ERASE);

  /** How often a phone sends a code again. */
  private static final int REPEATED = 8;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final History history;
  private final List<Node> nodes;
  private final WeChatSimulator weChat;
  private final Random random;

  Client(History history, List<Node> nodes, WeChatSimulator weChat, long seed) {
    this.history = history;
    this.nodes = nodes;
    this.weChat = weChat;
    this.random = new Random(seed);
  }

  /** Asks for something in the name of one of these persons. */
  void ask(Crowd crowd) {
    Person person = crowd.any(random);
    Deed deed = DEEDS.get(random.nextInt(DEEDS.size()));
    String token = person.token(random).orElse("");
    if (token.isEmpty()) {
      deed = Deed.LOGIN;
    }
    if (deed == Deed.LOGIN && person.isTired()) {
      crowd.replace(person);
    } else {
      ask(deed, person, deed == Deed.LOGIN ? "" : token);
    }
  }

  /** Asks once more about all tokens of this person; returns whether all of it was answered. */
  boolean askFinally(Person person) {
    boolean read = false;
    for (String token : person.tokens()) {
      Operation check = ask(Deed.CHECK, person, token);
      if (check.isDone() && !read) {
        read = true;
        check = ask(Deed.READ, person, token);
      }
      if (check.outcome() == Outcome.UNKNOWN) {
        return false;
      }
    }
    return true;
  }

  private Operation ask(Deed deed, Person person, String token) {
    Operation told = send(deed, person, token);
    person.learn(told);
    return told;
  }

  private Operation send(Deed deed, Person person, String token) {
    Node node = nodes.get(random.nextInt(nodes.size()));
    Operation asking = Operation.asking(deed, node.name(), person.openId(), token);
    return switch (deed) {
      case LOGIN -> logIn(node, person, asking);
      case CHECK -> told(node, asking, () -> node.http().check(token));
      case READ -> told(node, asking, () -> node.http().get("/api/me", bearer(token)));
      case WRITE -> write(node, person, asking);
      case BIND -> bind(node, person, asking);
      case LOGOUT -> told(node, asking, () -> node.http().logout(token));
      case END_ALL ->
          told(node, asking, () -> post(node, "/api/sessions/end", "which", "all", token));
      case ERASE ->
          told(node, asking, () -> node.http().send("DELETE", "/api/me", null, bearer(token)));
    };
  }

  private Operation logIn(Node node, Person person, Operation asking) {
    String code = person.code();
    if (code.isEmpty() || random.nextInt(REPEATED) > 0) {
      code = weChat.loginCode(APP, person.openId());
      person.code(code);
    }
    String sent = code;
    return told(node, asking, () -> node.http().login(sent));
  }

  private Operation write(Node node, Person person, Operation asking) {
    String nickName = person.openId().substring(0, 6) + "-" + person.next();
    return told(
        node,
        asking.nickName(nickName),
        () ->
            node.http()
                .send(
                    "PUT",
                    "/api/me",
                    json("nickName", nickName),
                    bearer(asking.token(), "Content-Type", "application/json")));
  }

  private Operation bind(Node node, Person person, Operation asking) {
    String last = String.format("%04d", person.next());
    String code = weChat.phone(APP, person.openId(), "1380000" + last).code();
    return told(
        node,
        asking.phone("138****" + last),
        () -> post(node, "/api/me/phone", "code", code, asking.token()));
  }

  private static Response post(Node node, String path, String field, String value, String token) {
    return node.http().post(path, json(field, value), bearer(token));
  }

  private static String json(String field, String value) {
    JsonObject json = new JsonObject();
    json.addProperty(field, value);
    return json.toString();
  }

  /** What is asked over HTTP. */
  @FunctionalInterface
  private interface Request {
    Response send();
  }

  private Operation told(Node node, Operation asking, Request request) {
    long began = System.nanoTime();
    try {
      Response response = request.send();
      long ended = System.nanoTime();
      Operation told =
          withBody(asking, response)
              .told(outcome(node, asking.deed(), response.status()), began, ended);
      history.add(told, response.status());
      return told;
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      }
      Operation told = asking.told(Outcome.UNKNOWN, began, System.nanoTime());
      history.add(told, 0);
      LockSupport.parkNanos(PAUSE_NANOS); // the node is away: do not fill the history with that
      return told;
    }
  }

  private static Outcome outcome(Node node, Deed deed, int status) {
    return switch (status) {
      case 200, 204 -> Outcome.DONE;
      case 400 -> deed == Deed.LOGIN ? Outcome.REFUSED : Outcome.UNKNOWN; // its code is spent
      case 401 -> // which may be the answer to the second time that it was asked
          deed == Deed.ERASE && node.mayAskTwice() ? Outcome.UNKNOWN : Outcome.REFUSED;
      default -> Outcome.UNKNOWN;
    };
  }

  private static Operation withBody(Operation asking, Response response) {
    if (response.status() != 200) {
      return asking;
    }
    return switch (asking.deed()) {
      case LOGIN -> asking.gave(response.token(), response.userId());
      case CHECK -> asking.user(response.field("userId"));
      case READ -> {
        JsonElement phone = response.json().get("maskedPhone");
        yield asking
            .user(response.field("userId"))
            .nickName(response.field("nickName"))
            .phone(phone.isJsonNull() ? "" : phone.getAsString());
      }
      default -> asking;
    };
  }
}
