package io.thirdsession.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What holds for every token, whatever fails: it is one user's, lives until it ends, and then never
 * again.
 */
final class SessionRules {
  private SessionRules() {}

  /** Returns what is wrong, one line each. */
  static List<String> check(Map<String, IssuedToken> tokens) {
    List<String> wrong = new ArrayList<>();
    tokens.values().forEach(token -> check(token, wrong));
    return wrong;
  }

  private static void check(IssuedToken token, List<String> wrong) {
    long endedBy = token.endedBy();
    long mayEndFrom = token.mayEndFrom();
    for (Operation use : token.uses()) {
      if (use.isDone() && use.began() > endedBy) {
        wrong.add("ghost: accepted after its session ended, by " + endedBy + ": " + use);
      }
      if (use.isRefused() && use.ended() < mayEndFrom) {
        wrong.add("loss: refused, and nobody had ended its session: " + use);
      }
      if (!use.openId().equals(token.login().openId())
          || !(use.userId().isEmpty() || use.userId().equals(token.userId()))) {
        wrong.add(
            "mix-up: a token of user " + token.userId() + " was user " + use.userId() + ": " + use);
      }
    }
  }
}
