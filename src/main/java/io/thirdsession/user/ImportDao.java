package io.thirdsession.user;

import static java.util.Comparator.comparing;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.keys.Mac;
import io.thirdsession.phonebook.SealedPhone;
import io.thirdsession.profile.Profile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes users and identities that are imported, in the given transaction. */
final class ImportDao {
  private static final String HOLDERS =
      "SELECT id, external_id FROM user WHERE external_id IN (%s)";

  private static final String INSERT_USERS =
      """
      INSERT INTO user (id, created_at, last_login_at, nick_name, avatar_url,
                        phone_sealed, phone_hash, phone_source, phone_bound_at, external_id)
      VALUES %s
      """;

  private static final String USER = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String INSERT_IDENTITIES =
      """
      INSERT INTO identity (id, user_id, appid, openid, unionid, mac_key, mac, created_at)
      VALUES %s
      """;

  private static final String IDENTITY = "(?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String CHANGE_USER =
      """
      UPDATE user
      SET nick_name = ?, avatar_url = ?,
          phone_sealed = ?, phone_hash = ?, phone_source = ?, phone_bound_at = ?, external_id = ?
      WHERE id = ?
      """;

  private static final String CHANGE_UNIONID =
      """
      UPDATE identity SET unionid = ?, mac_key = ?, mac = ?
      WHERE id = ? AND key_sealed IS NULL
      """;

  private final Queries queries;

  ImportDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns which of these external ids somebody has, and who. */
  Map<String, UUID> holders(List<String> externalIds) {
    Map<String, UUID> holders = new HashMap<>();
    if (!externalIds.isEmpty()) {
      List<String> padded = Queries.padded(externalIds);
      queries
          .list(
              HOLDERS.formatted(Queries.marks(padded.size())),
              row -> Map.entry(row.text("external_id"), row.id("id")),
              padded.toArray())
          .forEach(holder -> holders.put(holder.getKey(), holder.getValue()));
    }
    return holders;
  }

  /**
   * Inserts users with one identity each.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if an identity or an external id is
   *     there already
   */
  void insert(List<NewUser> users) {
    queries.insertAll(INSERT_USERS, USER, users, ImportDao::addUser);
    List<NewUser> inOrder =
        users.stream().sorted(comparing(NewUser::identity, Identity.IN_ORDER)).toList();
    queries.insertAll(INSERT_IDENTITIES, IDENTITY, inOrder, ImportDao::addIdentity);
  }

  private static void addUser(List<Object> values, NewUser added) {
    User user = added.user();
    Collections.addAll(values, user.id(), user.createdAt(), user.lastLoginAt());
    addChanging(values, user);
  }

  private static void addChanging(List<Object> values, User user) {
    Profile profile = user.profile();
    Collections.addAll(
        values,
        profile.nickName(),
        profile.avatarUrl(),
        user.phone().map(SealedPhone::sealed),
        user.phone().map(SealedPhone::hash),
        user.phone().map(phone -> phone.source().label()),
        user.phone().map(SealedPhone::boundAt),
        user.externalId());
  }

  private static void addIdentity(List<Object> values, NewUser added) {
    KnownIdentityDao.addIdentity(values, added.identity(), added.mac());
    values.add(added.user().createdAt());
  }

  /**
   * Writes what an import may change of a user who is locked.
   *
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another user has the external id
   */
  void change(User user) {
    List<Object> values = new ArrayList<>();
    addChanging(values, user);
    values.add(user.id());
    queries.update(CHANGE_USER, values.toArray());
  }

  /** Writes the unionid of an identity that is locked, unless it has logged in. */
  void changeUnionId(Identity identity, Mac mac) {
    queries.update(CHANGE_UNIONID, identity.unionId(), mac.keyId(), mac.value(), identity.id());
  }

  /** A user with their only identity. */
  record NewUser(User user, Identity identity, Mac mac) {}
}
