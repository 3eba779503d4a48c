package io.thirdsession.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The audit trail at the end. Every deed that was done has its row; a node that was killed may have
 * taken rows of its last moments with it, but not their lines in the log.
 *
 * @param rows the events of the table {@code audit}
 * @param lines the events of the log
 * @param kills when which node was killed
 */
record Trail(List<Event> rows, Set<Event> lines, List<Kill> kills) {
  private static final Map<Deed, String> EVENTS =
      Map.of(
          Deed.LOGIN, "login",
          Deed.LOGOUT, "logout",
          Deed.END_ALL, "session_ended",
          Deed.BIND, "phone_bound",
          Deed.ERASE, "erased");

  private static final Pattern LINE = Pattern.compile("\\bevent=(\\S+) .*\\bsid=(\\S+)");

  /** What happened, and through which session. */
  record Event(String event, String sid) {}

  /**
   * A node was killed.
   *
   * @param node which one
   * @param losing rows of deeds that were done since then may be lost
   * @param at when it was dead
   */
  record Kill(String node, long losing, long at) {
    boolean excuses(Operation operation) {
      return operation.node().equals(node) && operation.began() < at && operation.ended() > losing;
    }
  }

  /** Returns the events of these lines. */
  static Set<Event> read(Stream<String> log) {
    Set<Event> events = new HashSet<>();
    log.forEach(
        line -> {
          Matcher found = LINE.matcher(line);
          if (found.find()) {
            events.add(new Event(found.group(1), found.group(2)));
          }
        });
    return events;
  }

  /** Returns what is wrong, one line each. */
  List<String> check(List<Operation> history) {
    List<String> wrong = new ArrayList<>();
    Set<Event> present = new HashSet<>();
    for (Event row : rows) {
      if (!present.add(row) && row.event().equals("login")) {
        wrong.add("audit: two rows of one login: " + row);
      }
    }
    for (Operation operation : history) {
      if (operation.isDone() && EVENTS.containsKey(operation.deed())) {
        Event event = new Event(EVENTS.get(operation.deed()), operation.sid());
        if (!present.contains(event) && !isExcused(operation, event)) {
          wrong.add("audit: no row of " + operation);
        }
      }
    }
    return wrong;
  }

  private boolean isExcused(Operation operation, Event event) {
    return lines.contains(event) && kills.stream().anyMatch(kill -> kill.excuses(operation));
  }
}
