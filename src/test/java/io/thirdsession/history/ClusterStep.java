package io.thirdsession.history;

import java.util.Locale;

/** What a cluster goes through, one thing after the other. */
enum ClusterStep {
  /** The primary is killed, and later started again. */
  PRIMARY_KILLED(true),
  /** Another member is killed, and later started again. */
  SECONDARY_KILLED(true),
  /** A node is killed, and later started again. */
  NODE_KILLED(false),
  /** The primary stands still, and goes on when it has long been replaced. */
  PRIMARY_FROZEN(true),
  /** All nodes start at once, and the first server that they are told of cannot write. */
  COLD_START(false),
  /** A node is stopped in an orderly manner, and another takes its place. */
  NODE_REPLACED(false),
  /** The same with the other node: after this a new version is everywhere. */
  OTHER_NODE_REPLACED(false);

  /** Whether it concerns the servers of the database, and so the way to them. */
  private final boolean ofDatabase;

  ClusterStep(boolean ofDatabase) {
    this.ofDatabase = ofDatabase;
  }

  /** Returns whether it is drilled on every way to the database, or on the list alone. */
  boolean isFor(Way way) {
    return way == Way.LIST || (ofDatabase && this != SECONDARY_KILLED);
  }

  /** Returns its name as it stands in reports and in {@code -Dcluster.steps}. */
  String title(Way way) {
    return (way + ":" + this).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How nodes reach the primary. */
  enum Way {
    /** DB_URL lists all members. */
    LIST,
    /** DB_URL names a MySQL Router. */
    ROUTER
  }
}
