package io.thirdsession.user;

import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.user.IdentityDao.StoredIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the MACs of identities anew under the active master key, so that the old keys can be
 * removed: an identity whose key is gone lets nobody in. Thread-safe.
 */
public final class IdentityRotation {
  private static final Logger log = LoggerFactory.getLogger(IdentityRotation.class);

  /** Identities in one transaction: a login of one of them waits for so many updates. */
  private static final int AT_ONCE = 100;

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Jdbc jdbc;
  private final KeyRing keys;
  private final Set<String> lost;
  private final IdentityMacs macs;
  private volatile Map<String, Integer> left = Map.of();

  /**
   * Makes a rotation to the active one of these keys.
   *
   * @param lost ids of keys that an operator has lost: what is under them is believed as it is
   */
  public IdentityRotation(Jdbc jdbc, KeyRing keys, Set<String> lost, IdentityMacs macs) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.lost = lost;
    this.macs = macs;
    if (!lost.isEmpty()) {
      log.warn("identities under lost master keys are believed keys={}", lost);
    }
  }

  /**
   * Makes anew what is under an old key or a lost one. Does not query the database while there is
   * only one key.
   *
   * @return how many identities there were
   */
  public int run() {
    List<String> ids = List.copyOf(keys.ids());
    Map<String, Integer> leftByKey = new HashMap<>();
    int all = 0;
    for (String old : ids.subList(1, ids.size())) {
      int renewed = run(old, leftByKey, stored -> macs.isGenuine(stored.identity(), stored.mac()));
      if (renewed > 0) {
        log.info("identities signed anew count={} key={}", renewed, old);
      }
      all += renewed;
    }
    for (String gone : lost) {
      int believed = run(gone, leftByKey, stored -> true);
      if (believed > 0) {
        log.warn("identities believed without their master key count={} key={}", believed, gone);
      }
      all += believed;
    }
    left = Map.copyOf(leftByKey);
    return all;
  }

  /**
   * Returns how many identities the last whole run left under each old or lost key; 0 for a key
   * that can be removed.
   */
  public Map<String, Integer> left() {
    return left;
  }

  private int run(String old, Map<String, Integer> leftByKey, Predicate<StoredIdentity> isGood) {
    UUID after = BEFORE_ALL;
    int renewed = 0;
    int seen = 0;
    List<StoredIdentity> found;
    do {
      found = new IdentityDao(jdbc).underKey(old, after, AT_ONCE);
      List<StoredIdentity> good = found.stream().filter(isGood).toList(); // others stay as they are
      renewed += jdbc.inTransaction(transaction -> renew(new IdentityDao(transaction), good));
      seen += found.size();
      if (!found.isEmpty()) {
        after = found.get(found.size() - 1).identity().id();
      }
    } while (found.size() == AT_ONCE);
    leftByKey.put(old, seen - renewed);
    return renewed;
  }

  private int renew(IdentityDao identities, List<StoredIdentity> good) {
    return good.stream()
        .mapToInt(stored -> identities.replaceMac(stored, macs.of(stored.identity())))
        .sum();
  }
}
