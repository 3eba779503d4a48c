package io.thirdsession.bench;

import io.thirdsession.bench.load.Request;
import io.thirdsession.bench.load.Response;
import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.rows.Population;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the clients of the benchmark send. */
final class Workloads {
  private static final int OK = 200;

  private Workloads() {}

  /** Returns the same GET again and again. */
  static Workload get(String path) {
    return new Cycle(List.of(Request.get(path, "")), OK);
  }

  /** Returns a GET of this path with the tokens of all users in turn. */
  static Workload withTokens(String path, Subject of) {
    List<Request> requests = new ArrayList<>();
    for (String token : of.population().lastingTokens()) {
      requests.add(Request.get(path, of.tokens().header(token)));
    }
    Collections.shuffle(requests, new Random(1));
    return new Cycle(requests, OK);
  }

  /** Returns a GET of this path with the tokens of so many users in turn. */
  static Workload withTokens(String path, Subject of, int few) {
    Workload all = withTokens(path, of);
    return new Cycle(Stream.generate(all::next).limit(few).toList(), OK);
  }

  /** Returns checks of tokens that nobody has given out. */
  static Workload withMadeUpTokens(Subject of) {
    List<Request> requests = new ArrayList<>();
    for (String token : of.population().lastingTokens()) {
      int at = token.length() - 2;
      String other =
          token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.charAt(at + 1);
      requests.add(Request.get("/api/session", of.tokens().header(other)));
    }
    return new Cycle(requests, 401);
  }

  /** Returns logins of users that are known. */
  static Workload logins(Subject of, Serial serial) {
    return new Logins(of, serial, 0, OK);
  }

  /** Returns logins of so many users, spread evenly, in turn. */
  static Workload logins(Subject of, Serial serial, int few) {
    return new Logins(of, serial, 0, OK) {
      @Override
      int user(int number) {
        return of.population().loggingIn(number, few);
      }
    };
  }

  /** Returns logins of users that nobody has seen. */
  static Workload firstLogins(Subject of, Serial serial) {
    return new Logins(of, serial, Integer.MAX_VALUE / 2, OK);
  }

  /** Returns logins that should be refused with this status. */
  static Workload refusedLogins(Subject of, Serial serial, int status) {
    return new Logins(of, serial, 0, status);
  }

  /** Returns a login of each user, one after the other, and then again. */
  static Workload arrivals(Subject of, Serial serial) {
    return new Arrivals(of, serial);
  }

  private static Request login(int user, int number, String headers) {
    return Request.post("/api/login", headers, "{\"code\":\"" + user + "-" + number + "\"}", user);
  }

  /** Numbers that are not used again: a code must not come twice. */
  static final class Serial {
    private int last;

    int next() {
      return ++last;
    }
  }

  private static final class Cycle implements Workload {
    private final List<Request> requests;
    private final int status;
    private int next;

    Cycle(List<Request> requests, int status) {
      this.requests = requests;
      this.status = status;
    }

    @Override
    public Request next() {
      next = next + 1 < requests.size() ? next + 1 : 0;
      return requests.get(next);
    }

    @Override
    public int status() {
      return status;
    }
  }

  private static class Logins implements Workload {
    /** A prime: the users log in in an order that has nothing to do with their ids. */
    private static final long SHUFFLE = 2_654_435_761L;

    private final Population population;
    private final Tokens tokens;
    private final Serial serial;
    private final int firstNew; // 0 = known users
    private final int status;

    Logins(Subject of, Serial serial, int firstNew, int status) {
      this.population = of.population();
      this.tokens = of.tokens();
      this.serial = serial;
      this.firstNew = firstNew;
      this.status = status;
    }

    @Override
    public Request next() {
      int number = serial.next();
      int user = user(number);
      String token = firstNew > 0 || !tokens.sentWithLogin() ? null : population.token(user);
      return login(user, number, token == null ? "" : tokens.header(token));
    }

    /** Returns the number of the user who logs in with the code of this number. */
    int user(int number) {
      return firstNew > 0
          ? firstNew + number
          : population.loggingIn((int) (number * SHUFFLE % population.users()));
    }

    @Override
    public int status() {
      return status;
    }

    @Override
    public void answered(Request request, Response response) {
      if (status == OK && firstNew == 0) {
        population.token(request.user(), tokens.in(response));
      }
    }
  }

  private static final class Arrivals implements Workload {
    private final Population population;
    private final Tokens tokens;
    private final Serial serial;
    private int next;

    Arrivals(Subject of, Serial serial) {
      this.population = of.population();
      this.tokens = of.tokens();
      this.serial = serial;
    }

    @Override
    public Request next() {
      int user = next;
      next = (next + 1) % population.users();
      return login(user, serial.next(), "");
    }

    @Override
    public int status() {
      return OK;
    }

    @Override
    public void answered(Request request, Response response) {
      population.token(request.user(), tokens.in(response));
    }
  }
}
