package io.thirdsession.user;

import io.thirdsession.jdbc.Queries;
import java.util.List;
import java.util.UUID;

/**
 * Erases a user, table by table, inside the given transaction. It locks rows in the same order as
 * logins do and through the same indexes: identities, links, user. So a login may have to wait for
 * an erasure, or an erasure for a login, but the two never deadlock.
 */
final class ErasureDao {
  private static final String IDENTITIES =
      "SELECT appid, openid FROM identity WHERE user_id = ? ORDER BY appid, openid";

  private static final String LOCK_IDENTITY =
      "SELECT id FROM identity WHERE appid = ? AND openid = ? FOR UPDATE";

  private static final String LINKS =
      "SELECT unionid FROM unionid_user WHERE user_id = ? ORDER BY unionid";

  private static final String LOCK_LINK =
      "SELECT unionid FROM unionid_user WHERE unionid = ? FOR UPDATE";

  private static final String LOCK_USER = "SELECT id FROM user WHERE id = ? FOR UPDATE";

  private static final String SESSIONS = "SELECT sid FROM session WHERE user_id = ? ORDER BY sid";

  /** Deletes by primary key, as logouts and the purger do. */
  private static final String DELETE_SESSIONS = "DELETE FROM session WHERE sid IN (%s)";

  private static final String DELETE_AVATAR = "DELETE FROM avatar WHERE user_id = ?";
  private static final String DELETE_LINKS = "DELETE FROM unionid_user WHERE user_id = ?";
  private static final String DELETE_IDENTITIES = "DELETE FROM identity WHERE user_id = ?";
  private static final String DELETE_USER = "DELETE FROM user WHERE id = ?";

  private final Queries queries;

  ErasureDao(Queries queries) {
    this.queries = queries;
  }

  /**
   * Locks the user with every identity and link, and returns whether all of them are locked: a
   * login may have added another one before the user's row was locked.
   */
  boolean lock(UUID userId) {
    List<AppUser> identities = identities(userId);
    for (AppUser identity : identities) {
      queries.list(LOCK_IDENTITY, row -> row.id("id"), identity.appId(), identity.openId());
    }
    List<String> links = links(userId);
    for (String unionId : links) {
      queries.list(LOCK_LINK, row -> row.text("unionid"), unionId);
    }
    queries.list(LOCK_USER, row -> row.id("id"), userId);
    return identities.equals(identities(userId)) && links.equals(links(userId));
  }

  /** Deletes every row of a user who is locked; returns how many sessions there were. */
  int delete(UUID userId) {
    int sessions = deleteSessions(userId);
    queries.update(DELETE_AVATAR, userId);
    queries.update(DELETE_LINKS, userId);
    queries.update(DELETE_IDENTITIES, userId);
    queries.update(DELETE_USER, userId);
    return sessions;
  }

  private int deleteSessions(UUID userId) {
    List<UUID> sids = queries.list(SESSIONS, row -> row.id("sid"), userId);
    if (sids.isEmpty()) {
      return 0;
    }
    String marks = Queries.marks(sids.size());
    return queries.update(DELETE_SESSIONS.formatted(marks), sids.toArray());
  }

  private List<AppUser> identities(UUID userId) {
    return queries.list(
        IDENTITIES, row -> new AppUser(row.text("appid"), row.text("openid")), userId);
  }

  private List<String> links(UUID userId) {
    return queries.list(LINKS, row -> row.text("unionid"), userId);
  }

  /** The key by which a login finds an identity. */
  private record AppUser(String appId, String openId) {}
}
