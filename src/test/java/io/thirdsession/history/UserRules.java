package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What holds for every user: an openid is one user at a time, and a user has one openid. */
final class UserRules {
  private UserRules() {}

  /** Returns what is wrong, one line each. */
  static List<String> check(Map<String, KnownUser> users) {
    List<String> wrong = new ArrayList<>();
    Map<String, List<KnownUser>> byOpenId = new HashMap<>();
    for (KnownUser user : users.values()) {
      if (user.openIds().size() > 1) {
        wrong.add("mix-up: user " + user.id() + " is each of " + user.openIds());
      }
      user.openIds()
          .forEach(its -> byOpenId.computeIfAbsent(its, k -> new ArrayList<>()).add(user));
    }
    byOpenId.forEach((openId, its) -> findTwins(openId, its, wrong));
    return wrong;
  }

  private static void findTwins(String openId, Collection<KnownUser> users, List<String> wrong) {
    List<KnownUser> inOrder =
        users.stream()
            .filter(user -> user.from() <= user.until())
            .sorted((one, other) -> Long.compare(one.from(), other.from()))
            .toList();
    for (int i = 1; i < inOrder.size(); i++) {
      KnownUser before = inOrder.get(i - 1);
      if (inOrder.get(i).from() < before.until()) {
        wrong.add(
            "twin: "
                + openId
                + " was two users at once: "
                + before.id()
                + " and "
                + inOrder.get(i).id());
      }
    }
  }
}
