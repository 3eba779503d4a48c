package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A token that a login gave, and everything that was asked with it or can have ended it. */
final class IssuedToken {
  private final Operation login; // the first to give it
  private final List<Operation> uses = new ArrayList<>();
  private final List<Operation> endings = new ArrayList<>(); // of all sessions of its user

  private IssuedToken(Operation login) {
    this.login = login;
  }

  /** Returns every token of this history. */
  static Map<String, IssuedToken> of(List<Operation> history) {
    Map<String, IssuedToken> tokens = new HashMap<>();
    Map<String, Set<IssuedToken>> byUser = new HashMap<>();
    for (Operation operation : history) {
      if (operation.deed() == Deed.LOGIN && operation.isDone()) {
        tokens.merge(operation.token(), new IssuedToken(operation), IssuedToken::earlier);
      }
    }
    tokens.values().forEach(its -> its.addTo(byUser));
    for (Operation operation : history) {
      IssuedToken token = tokens.get(operation.token());
      if (token != null) {
        token.uses.add(operation);
        if (endsAll(operation)) {
          byUser.get(token.userId()).forEach(its -> its.endings.add(operation));
        }
      }
    }
    return Collections.unmodifiableMap(tokens);
  }

  private static boolean endsAll(Operation operation) {
    return operation.deed() == Deed.END_ALL
        || operation.deed() == Deed.ERASE
        || operation.deed() == Deed.BIND;
  }

  private IssuedToken earlier(IssuedToken other) {
    return login.ended() <= other.login.ended() ? this : other;
  }

  private void addTo(Map<String, Set<IssuedToken>> byUser) {
    byUser.computeIfAbsent(userId(), key -> new HashSet<>()).add(this);
  }

  Operation login() {
    return login;
  }

  String userId() {
    return login.userId();
  }

  /** Returns everything that was asked with it, and every login that gave it. */
  List<Operation> uses() {
    return uses;
  }

  /** Returns from when on it must be refused; the end of time if nobody was told that it ended. */
  long endedBy() {
    long by = Long.MAX_VALUE;
    for (Operation use : uses) {
      if (use.isRefused() || (use.deed() == Deed.LOGOUT && use.isDone())) {
        by = Math.min(by, use.ended());
      }
    }
    for (Operation ending : endings) {
      if (ending.isDone() && hasCertainlyEnded(ending)) {
        by = Math.min(by, ending.ended());
      }
    }
    return by;
  }

  /** A login beside an END_ALL may have come after it; an erased user has no session at all. */
  private boolean hasCertainlyEnded(Operation ending) {
    return ending.deed() == Deed.ERASE
        || (ending.deed() == Deed.END_ALL && ending.began() > login.ended());
  }

  /** Returns from when on it can have ended; the end of time if nobody asked for that. */
  long mayEndFrom() {
    long from = Long.MAX_VALUE;
    for (Operation use : uses) {
      if (use.deed() == Deed.LOGOUT && !use.isRefused()) {
        from = Math.min(from, use.began());
      }
    }
    for (Operation ending : endings) {
      if (canHaveEnded(ending)) {
        from = Math.min(from, ending.began());
      }
    }
    return from;
  }

  private boolean canHaveEnded(Operation ending) {
    if (ending.effectiveBy() < login.began()) {
      return false;
    }
    // a number may be bound although its session was found ended when the commit was repeated
    return ending.deed() == Deed.BIND ? !ending.token().equals(login.token()) : !ending.isRefused();
  }
}
