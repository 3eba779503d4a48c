package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What must be told of a history: each acknowledged deed at least once, nothing that nobody asked
 * for, places without a hole, and to a listener of each user in order.
 */
final class EventRules {
  private final Map<String, KnownUser> users;
  private final List<HeardEvent> stored;
  private final List<HeardEvent> heard;
  private final List<String> wrong = new ArrayList<>();

  private EventRules(List<Operation> history, List<HeardEvent> stored, List<HeardEvent> heard) {
    this.users = KnownUser.of(history, IssuedToken.of(history));
    this.stored = stored.stream().sorted(Comparator.comparingLong(HeardEvent::seq)).toList();
    this.heard = heard;
  }

  /**
   * Returns what is wrong, one line each.
   *
   * @param stored all events, each at its place; 0: it has none
   * @param heard what a listener was told, as it arrived
   */
  static List<String> check(
      List<Operation> history, List<HeardEvent> stored, List<HeardEvent> heard) {
    EventRules rules = new EventRules(history, stored, heard);
    rules.checkPlaces();
    rules.users.values().forEach(rules::checkUser);
    rules.checkListener();
    return rules.wrong;
  }

  private void checkPlaces() {
    for (int i = 0; i < stored.size(); i++) {
      if (stored.get(i).seq() != i + 1) {
        wrong.add("events: place " + (i + 1) + " is missing, or is there twice");
        return;
      }
    }
  }

  private void checkUser(KnownUser user) {
    List<String> types =
        stored.stream()
            .filter(event -> event.userId().equals(user.id()))
            .map(HeardEvent::type)
            .toList();
    atLeast(user, types, "user.created", user.logins().isEmpty() ? 0 : 1);
    atLeast(user, types, "profile.changed", done(user, Deed.WRITE));
    atLeast(user, types, "phone.bound", done(user, Deed.BIND));
    atLeast(user, types, "user.erased", Math.min(1, done(user, Deed.ERASE)));
    if (types.stream().filter("user.created"::equals).count() > 1) {
      wrong.add("events: user " + user.id() + " was created twice");
    }
    int erased = types.indexOf("user.erased");
    if (erased >= 0 && user.uses().stream().noneMatch(use -> use.deed() == Deed.ERASE)) {
      wrong.add("events: nobody erased user " + user.id());
    }
    if (erased >= 0 && erased < types.size() - 1) {
      wrong.add("events: something happened to user " + user.id() + " after the erasure");
    }
    if (!types.isEmpty() && !types.get(0).equals("user.created")) {
      wrong.add("events: something happened to user " + user.id() + " before they were created");
    }
  }

  private static long done(KnownUser user, Deed deed) {
    Predicate<Operation> its = use -> use.deed() == deed && use.isDone();
    return user.uses().stream().filter(its).count();
  }

  private void atLeast(KnownUser user, List<String> types, String type, long count) {
    long told = types.stream().filter(type::equals).count();
    if (told < count) {
      wrong.add("events: " + type + " of user " + user.id() + " " + told + " times for " + count);
    }
  }

  /** Repetitions are no fault; what is heard for the first time is in order for each user. */
  private void checkListener() {
    Set<Long> seen = new HashSet<>();
    Map<String, Long> lastOfUser = new HashMap<>();
    for (HeardEvent event : heard) {
      if (seen.add(event.seq())) {
        Long last = lastOfUser.put(event.userId(), event.seq());
        if (last != null && last > event.seq()) {
          wrong.add("listener: " + event + " was told after place " + last);
        }
      }
    }
    for (HeardEvent event : stored) {
      if (!seen.contains(event.seq())) {
        wrong.add("listener: was not told of " + event);
      }
    }
  }
}
