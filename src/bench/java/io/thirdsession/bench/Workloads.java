package io.thirdsession.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
  private static final int TOKEN_LENGTH = 79;
  private static final byte[] TOKEN = "\"3rd_".getBytes(US_ASCII);

  private Workloads() {}

  /** Returns the same GET again and again. */
  static Workload get(String path) {
    return new Cycle(List.of(Request.get(path, "")), OK);
  }

  /** Returns a GET of this path with the tokens of all users in turn. */
  static Workload withTokens(String path, Population population) {
    List<Request> requests = new ArrayList<>();
    for (String token : population.lastingTokens()) {
      requests.add(Request.get(path, bearer(token)));
    }
    Collections.shuffle(requests, new Random(1));
    return new Cycle(requests, OK);
  }

  /** Returns a GET of this path with the tokens of so many users in turn. */
  static Workload withTokens(String path, Population population, int few) {
    Workload all = withTokens(path, population);
    return new Cycle(Stream.generate(all::next).limit(few).toList(), OK);
  }

  /** Returns checks of tokens that nobody has given out. */
  static Workload withMadeUpTokens(Population population) {
    List<Request> requests = new ArrayList<>();
    for (String token : population.lastingTokens()) {
      char last = token.charAt(TOKEN_LENGTH - 2);
      String other = token.substring(0, TOKEN_LENGTH - 2) + (last == 'A' ? 'B' : 'A');
      requests.add(Request.get("/api/session", bearer(other + token.charAt(TOKEN_LENGTH - 1))));
    }
    return new Cycle(requests, 401);
  }

  /** Returns logins of users that are known, each with the token of the one before. */
  static Workload logins(Population population, Serial serial) {
    return new Logins(population, serial, 0, OK);
  }

  /** Returns logins of so many users, spread evenly, in turn. */
  static Workload logins(Population population, Serial serial, int few) {
    return new Logins(population, serial, 0, OK) {
      @Override
      int user(int number) {
        return population.loggingIn(number, few);
      }
    };
  }

  /** Returns logins of users that nobody has seen. */
  static Workload firstLogins(Population population, Serial serial) {
    return new Logins(population, serial, Integer.MAX_VALUE / 2, OK);
  }

  /** Returns logins that should be refused with this status. */
  static Workload refusedLogins(Population population, Serial serial, int status) {
    return new Logins(population, serial, 0, status);
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
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
    private final Serial serial;
    private final int firstNew; // 0 = known users
    private final int status;

    Logins(Population population, Serial serial, int firstNew, int status) {
      this.population = population;
      this.serial = serial;
      this.firstNew = firstNew;
      this.status = status;
    }

    @Override
    public Request next() {
      int number = serial.next();
      int user = user(number);
      String token = firstNew > 0 ? null : population.token(user);
      return Request.post(
          "/api/login",
          token == null ? "" : bearer(token),
          "{\"code\":\"" + user + "-" + number + "\"}",
          user);
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
        int at = response.indexOf(TOKEN);
        population.token(request.user(), response.text(at + 1, TOKEN_LENGTH));
      }
    }
  }
}
