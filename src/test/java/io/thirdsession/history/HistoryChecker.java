package io.thirdsession.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Proves from a history alone that no acknowledged login, logout, profile, phone number or erasure
 * was lost or undone, whatever failed meanwhile. What nobody was told of may have happened or not,
 * but stays as it was first seen.
 */
final class HistoryChecker {
  private HistoryChecker() {}

  /** Returns what is wrong, one line each; nothing if all holds. */
  static List<String> check(List<Operation> history) {
    Map<String, IssuedToken> tokens = IssuedToken.of(history);
    Map<String, KnownUser> users = KnownUser.of(history, tokens);
    List<String> wrong = new ArrayList<>(SessionRules.check(tokens));
    wrong.addAll(UserRules.check(users));
    for (KnownUser user : users.values()) {
      wrong.addAll(nickName(user).check());
      wrong.addAll(phone(user).check());
    }
    return wrong;
  }

  /** Returns what is wrong with the history, the database and the audit trail, one line each. */
  static List<String> check(List<Operation> history, Stored stored, Trail trail) {
    List<String> wrong = new ArrayList<>(check(history));
    wrong.addAll(StoredRules.check(history, stored));
    wrong.addAll(trail.check(history));
    return wrong;
  }

  private static Register nickName(KnownUser user) {
    Register register = new Register("the nickname of user " + user.id());
    for (Operation use : user.uses()) {
      if (use.deed() == Deed.WRITE) {
        register.write(use.nickName(), use.began(), use.effectiveBy());
      }
    }
    for (Operation use : user.uses()) {
      if (use.deed() == Deed.READ && use.isDone()) {
        register.read(use.nickName(), use.began(), use.ended());
      }
    }
    return register;
  }

  private static Register phone(KnownUser user) {
    Register register = new Register("the phone number of user " + user.id());
    for (Operation use : user.uses()) {
      if (use.deed() == Deed.BIND) {
        register.write(use.phone(), use.began(), use.effectiveBy());
      }
    }
    for (Operation use : user.uses()) {
      if (use.deed() == Deed.READ && use.isDone()) {
        register.read(use.phone(), use.began(), use.ended());
      }
    }
    return register;
  }
}
