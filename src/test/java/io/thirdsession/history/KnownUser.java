package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A user whom a login has named, and everything that was asked with the user's tokens. */
final class KnownUser {
  private final String id;
  private final List<Operation> logins = new ArrayList<>();
  private final List<Operation> uses = new ArrayList<>();

  private KnownUser(String id) {
    this.id = id;
  }

  /** Returns every user of this history. */
  static Map<String, KnownUser> of(List<Operation> history, Map<String, IssuedToken> tokens) {
    Map<String, KnownUser> users = new HashMap<>();
    for (Operation operation : history) {
      if (operation.deed() == Deed.LOGIN) {
        if (operation.isDone()) {
          users.computeIfAbsent(operation.userId(), KnownUser::new).logins.add(operation);
        }
      } else if (tokens.containsKey(operation.token())) {
        String userId = tokens.get(operation.token()).userId();
        users.computeIfAbsent(userId, KnownUser::new).uses.add(operation);
      }
    }
    return Collections.unmodifiableMap(users);
  }

  String id() {
    return id;
  }

  List<Operation> logins() {
    return logins;
  }

  /** Returns everything that was asked with one of the user's tokens. */
  List<Operation> uses() {
    return uses;
  }

  Set<String> openIds() {
    Set<String> openIds = new TreeSet<>();
    logins.forEach(login -> openIds.add(login.openId()));
    return openIds;
  }

  /** Returns from when on the user is known to be there. */
  long from() {
    return logins.stream().mapToLong(Operation::ended).min().orElse(Long.MAX_VALUE);
  }

  /** Returns until when the user is known to be there; the end of time if nobody asked to erase. */
  long until() {
    long lastSeen = Long.MIN_VALUE;
    for (List<Operation> some : List.of(logins, uses)) {
      for (Operation operation : some) {
        if (operation.isDone()) {
          lastSeen = Math.max(lastSeen, operation.began());
        }
      }
    }
    return Math.max(lastSeen, mayBeErasedFrom());
  }

  /** Returns when somebody first asked to erase the user, and was not refused. */
  long mayBeErasedFrom() {
    return uses.stream()
        .filter(use -> use.deed() == Deed.ERASE && !use.isRefused())
        .mapToLong(Operation::began)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Returns when somebody was told that the user is erased. */
  long erasedBy() {
    return uses.stream()
        .filter(use -> use.deed() == Deed.ERASE && use.isDone())
        .mapToLong(Operation::ended)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
