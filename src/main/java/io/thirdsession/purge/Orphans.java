package io.thirdsession.purge;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.purge.OrphanDao.Named;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes rows whose user no longer exists, and logs that. There should be none, since such rows
 * are written only under a lock on their user. They are found by walking along each table, over and
 * over. Not thread-safe.
 */
final class Orphans {
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final Logger log = LoggerFactory.getLogger(Orphans.class);

  private final Walk identities;
  private final Walk avatars;
  private final Walk links;
  private final int atOnce;
  private final int maxSteps;
  private final BooleanSupplier next;

  /**
   * Makes a walk along these tables.
   *
   * @param atOnce users in a step
   * @param maxSteps steps along each table in a run
   * @param next called before each step; returns whether it may be made
   */
  Orphans(Queries queries, int atOnce, int maxSteps, BooleanSupplier next) {
    this.identities = new Walk(new OrphanDao(queries, "identity"));
    this.avatars = new Walk(new OrphanDao(queries, "avatar"));
    this.links = new Walk(new OrphanDao(queries, "unionid_user"));
    this.atOnce = atOnce;
    this.maxSteps = maxSteps;
    this.next = next;
  }

  /**
   * Walks some steps along each table and returns how many rows were deleted, including {@code
   * ofSessions}.
   *
   * @param ofSessions how many sessions were deleted for the same reason, to be logged with the
   *     rest
   */
  int remove(int ofSessions) {
    int ofIdentities = identities.walk();
    int ofAvatars = avatars.walk();
    int ofLinks = links.walk();
    int all = ofSessions + ofIdentities + ofAvatars + ofLinks;
    if (all > 0) {
      log.warn(
          "orphans removed sessions={} identities={} avatars={} unionids={}",
          ofSessions,
          ofIdentities,
          ofAvatars,
          ofLinks);
    }
    return all;
  }

  /** A table and how far the walk has come; the next run continues there. */
  private final class Walk {
    private final OrphanDao rows;
    private UUID walkedTo = BEGINNING;

    Walk(OrphanDao rows) {
      this.rows = rows;
    }

    int walk() {
      int all = 0;
      for (int i = 0; i < maxSteps && next.getAsBoolean(); i++) {
        List<Named> users = rows.usersAfter(walkedTo, atOnce);
        all += rows.deleteOf(users.stream().filter(Named::isGone).map(Named::userId).toList());
        if (users.size() < atOnce) {
          walkedTo = BEGINNING;
          break;
        }
        walkedTo = users.get(users.size() - 1).userId();
      }
      return all;
    }
  }
}
