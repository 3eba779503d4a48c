package io.thirdsession.user;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import io.thirdsession.keys.Mac;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the table {@code identity} for whoever looks users up, and replaces MACs under an old key,
 * on the given connection or in the given transaction.
 */
final class IdentityDao {
  private static final String OF_USERS =
      """
      SELECT id, user_id, appid, openid, unionid, mac_key, mac,
             kind, created_at, key_exchanged_at
      FROM identity
      WHERE user_id IN (%s)
      ORDER BY created_at, id
      """;

  private static final String UNDER_KEY =
      """
      SELECT id, user_id, appid, openid, unionid, mac_key, mac
      FROM identity
      WHERE mac_key = ? AND id > ?
      ORDER BY id
      LIMIT ?
      """;

  /** Changes nothing if a login has made it anew since it was read. */
  private static final String REPLACE_MAC =
      "UPDATE identity SET mac_key = ?, mac = ? WHERE id = ? AND mac_key = ? AND mac = ?";

  private final Queries queries;

  IdentityDao(Queries queries) {
    this.queries = queries;
  }

  /**
   * Returns the identities of these users that are genuine, keyed by user id, oldest first. A user
   * without identities has no entry.
   */
  Map<UUID, List<IdentityView>> ofUsers(List<UUID> userIds, IdentityMacs macs) {
    Map<UUID, List<IdentityView>> byUser = new HashMap<>();
    queries
        .list(
            OF_USERS.formatted(Queries.marks(userIds.size())),
            ViewedIdentity::map,
            userIds.toArray())
        .forEach(
            row -> {
              Identity identity = row.stored().identity();
              if (macs.isGenuine(identity, row.stored().mac())) {
                byUser.computeIfAbsent(identity.userId(), id -> new ArrayList<>()).add(row.view());
              }
            });
    return byUser;
  }

  /**
   * Returns at most {@code most} identities whose MAC is under this master key, after this one, in
   * the order of their ids.
   */
  List<StoredIdentity> underKey(String keyId, UUID after, int most) {
    return queries.list(UNDER_KEY, StoredIdentity::map, keyId, after, most);
  }

  /** Replaces the MAC that was read, if it is still stored; returns how many rows changed. */
  int replaceMac(StoredIdentity read, Mac anew) {
    return queries.update(
        REPLACE_MAC,
        anew.keyId(),
        anew.value(),
        read.identity().id(),
        read.mac().keyId(),
        read.mac().value());
  }

  /** An identity as it is stored, and what is to prove that it is genuine. */
  record StoredIdentity(Identity identity, Mac mac) {
    private static StoredIdentity map(Row row) throws SQLException {
      Identity identity =
          new Identity(
              row.id("id"),
              row.id("user_id"),
              row.text("appid"),
              row.text("openid"),
              row.optionalText("unionid"));
      return new StoredIdentity(identity, mac(row));
    }

    static Mac mac(Row row) throws SQLException {
      return new Mac(row.text("mac_key"), row.secret("mac"));
    }
  }

  /** A stored identity, and what is shown of it. */
  private record ViewedIdentity(StoredIdentity stored, IdentityView view) {
    static ViewedIdentity map(Row row) throws SQLException {
      StoredIdentity stored = StoredIdentity.map(row);
      Identity identity = stored.identity();
      return new ViewedIdentity(
          stored,
          new IdentityView(
              row.text("kind"),
              identity.appId(),
              identity.openId(),
              identity.unionId(),
              row.time("created_at"),
              row.optionalTime("key_exchanged_at")));
    }
  }
}
