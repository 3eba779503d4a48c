package io.thirdsession.user;

import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.wechat.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Finds users for back ends. Thread-safe. */
public final class UserDirectory {
  private final Jdbc jdbc;
  private final PhoneSealer sealer;

  /** Opens phone numbers with these keys. */
  public UserDirectory(Jdbc jdbc, KeyRing keys) {
    this.jdbc = jdbc;
    this.sealer = new PhoneSealer(keys);
  }

  /**
   * Returns the users with these ids, in no order.
   *
   * @param mayKnow of which apps the asking back end may know; users of no such app are left out,
   *     here and below
   */
  public List<DirectoryEntry> ofIds(List<UUID> ids, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofIds(ids), mayKnow);
  }

  /** Returns the user with this openid in this app, or nobody. */
  public List<DirectoryEntry> ofIdentity(String appId, String openId, Predicate<String> mayKnow) {
    return mayKnow.test(appId)
        ? entries(new UserDao(jdbc).ofIdentity(appId, openId).stream().toList(), mayKnow)
        : List.of();
  }

  /** Returns the users who have an identity with this unionid. */
  public List<DirectoryEntry> ofUnionId(String unionId, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofUnionId(unionId), mayKnow);
  }

  /** Returns all holders of this number, the newest binding first. */
  public List<DirectoryEntry> ofPhone(PhoneNumber number, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofPhone(sealer.hashes(number)), mayKnow);
  }

  private List<DirectoryEntry> entries(List<User> users, Predicate<String> mayKnow) {
    if (users.isEmpty()) {
      return List.of();
    }
    Map<UUID, List<HeldIdentity>> identities =
        new IdentityDao(jdbc).ofUsers(users.stream().map(User::id).toList());
    List<DirectoryEntry> entries = new ArrayList<>();
    for (User user : users) {
      List<HeldIdentity> known =
          identities.getOrDefault(user.id(), List.of()).stream()
              .filter(identity -> mayKnow.test(identity.appId()))
              .toList();
      if (!known.isEmpty()) {
        entries.add(
            new DirectoryEntry(
                user, known, user.phone().flatMap(phone -> sealer.open(user.id(), phone))));
      }
    }
    return entries;
  }
}
