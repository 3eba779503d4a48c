package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What the database must and must not hold after a history. */
final class StoredRules {
  private final Map<String, IssuedToken> tokens;
  private final Map<String, KnownUser> users;
  private final Map<String, Integer> unknownLogins = new HashMap<>();
  private final Stored stored;
  private final List<String> wrong = new ArrayList<>();

  private StoredRules(List<Operation> history, Stored stored) {
    this.tokens = IssuedToken.of(history);
    this.users = KnownUser.of(history, tokens);
    this.stored = stored;
    for (Operation operation : history) {
      if (operation.deed() == Deed.LOGIN && !operation.isDone()) {
        unknownLogins.merge(operation.openId(), 1, Integer::sum);
      }
    }
  }

  /** Returns what is wrong, one line each. */
  static List<String> check(List<Operation> history, Stored stored) {
    StoredRules rules = new StoredRules(history, stored);
    stored.orphans().forEach(orphans -> rules.wrong.add("orphans: " + orphans));
    rules.checkIdentities();
    rules.checkUsers();
    rules.checkSessions();
    return rules.wrong;
  }

  private void checkIdentities() {
    stored.identities().stream()
        .map(Stored.Identity::openId)
        .filter(repeated())
        .forEach(openId -> wrong.add("twin: two identities of " + openId));
    stored.identities().stream()
        .map(Stored.Identity::userId)
        .filter(repeated())
        .forEach(userId -> wrong.add("twin: two identities of user " + userId));
    Set<String> named = new HashSet<>();
    stored.identities().forEach(identity -> named.add(identity.userId()));
    stored.users().stream()
        .filter(userId -> !named.contains(userId))
        .forEach(userId -> wrong.add("twin: a user without identity: " + userId));
    for (Stored.Identity identity : stored.identities()) {
      if (!users.containsKey(identity.userId()) && !unknownLogins.containsKey(identity.openId())) {
        wrong.add("twin: a user of whom nobody was told: " + identity);
      }
    }
  }

  private static Predicate<String> repeated() {
    Set<String> seen = new HashSet<>();
    return text -> !seen.add(text);
  }

  private void checkUsers() {
    Set<String> present = new HashSet<>(stored.users());
    for (KnownUser user : users.values()) {
      if (present.contains(user.id()) && user.erasedBy() < Long.MAX_VALUE) {
        wrong.add("ghost: an erased user is stored: " + user.id());
      }
      if (!present.contains(user.id()) && user.mayBeErasedFrom() == Long.MAX_VALUE) {
        wrong.add("loss: a user is not stored: " + user.id() + " of " + user.openIds());
      }
    }
  }

  private void checkSessions() {
    Map<String, Stored.Session> present = new HashMap<>();
    stored.sessions().forEach(session -> present.put(session.sid(), session));
    for (IssuedToken token : tokens.values()) {
      Stored.Session session = present.remove(token.login().sid());
      if (session == null && token.mayEndFrom() == Long.MAX_VALUE) {
        wrong.add("loss: a session is not stored: " + token.login());
      }
      if (session != null && token.endedBy() < Long.MAX_VALUE) {
        wrong.add("ghost: an ended session is stored: " + token.login());
      }
      if (session != null && !session.userId().equals(token.userId())) {
        wrong.add("mix-up: stored for user " + session.userId() + ": " + token.login());
      }
    }
    countStrangers(present.values());
  }

  /** Sessions of whose token nobody was told: at most one for each login without an answer. */
  private void countStrangers(Collection<Stored.Session> strangers) {
    Map<String, String> openIds = new HashMap<>();
    stored.identities().forEach(its -> openIds.put(its.userId(), its.openId()));
    Map<String, Integer> counts = new HashMap<>();
    for (Stored.Session stranger : strangers) {
      counts.merge(openIds.getOrDefault(stranger.userId(), "nobody"), 1, Integer::sum);
    }
    counts.forEach(
        (openId, count) -> {
          if (count > unknownLogins.getOrDefault(openId, 0)) {
            wrong.add("ghost: " + count + " sessions of " + openId + " of which nobody was told");
          }
        });
  }
}
