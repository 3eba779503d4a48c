package io.thirdsession.user;

import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.wechat.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Finds users for back ends. Thread-safe. */
public final class UserDirectory {
  /** Above the id of every user. */
  private static final UUID END = new UUID(-1, -1);

  private final Jdbc jdbc;
  private final PhoneBook phones;
  private final IdentityMacs macs;

  /** Makes a directory that opens phone numbers with this phone book. */
  public UserDirectory(Jdbc jdbc, IdentityMacs macs, PhoneBook phones) {
    this.jdbc = jdbc;
    this.macs = macs;
    this.phones = phones;
  }

  /**
   * Returns the users with these ids, in no particular order.
   *
   * @param mayKnow accepts the appids that are visible to the caller; users without an identity in
   *     such an app are left out, as in the other methods
   */
  public List<DirectoryEntry> ofIds(List<UUID> ids, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofIds(ids), identity -> true, mayKnow);
  }

  /** Returns the user with this openid in this app; empty if there is none. */
  public List<DirectoryEntry> ofIdentity(String appId, String openId, Predicate<String> mayKnow) {
    return mayKnow.test(appId)
        ? entries(
            new UserDao(jdbc).ofIdentity(appId, openId).stream().toList(),
            identity -> identity.appId().equals(appId) && identity.openId().equals(openId),
            mayKnow)
        : List.of();
  }

  /** Returns the user to whom the company gave this id; empty if there is none. */
  public List<DirectoryEntry> ofExternalId(String externalId, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofExternalId(externalId), identity -> true, mayKnow);
  }

  /** Returns the users who have an identity with this unionid. */
  public List<DirectoryEntry> ofUnionId(String unionId, Predicate<String> mayKnow) {
    return entries(
        new UserDao(jdbc).ofUnionId(unionId),
        identity -> identity.unionId().equals(Optional.of(unionId)),
        mayKnow);
  }

  /** Returns all holders of this number, most recently bound first. */
  public List<DirectoryEntry> ofPhone(PhoneNumber number, Predicate<String> mayKnow) {
    return entries(new UserDao(jdbc).ofPhone(phones.hashes(number)), identity -> true, mayKnow)
        .stream()
        .filter(entry -> phones.isHolder(entry.user().id(), entry.phone(), number))
        .toList();
  }

  /**
   * Returns a page of all users, newest first. Users who are left out of it, as in the other
   * methods, are not made up for: it may be short, or empty, and yet have a page behind it.
   *
   * @param before where it begins, as the page before it said; empty for the newest users
   * @param max how many users are looked at
   */
  public UserPage newest(Optional<UUID> before, int max, Predicate<String> mayKnow) {
    List<User> users = new UserDao(jdbc).newest(before.orElse(END), max + 1);
    List<User> page = users.stream().limit(max).toList();
    return new UserPage(
        entries(page, identity -> true, mayKnow),
        users.size() > max ? Optional.of(page.get(max - 1).id()) : Optional.empty());
  }

  /**
   * Returns what may be known of those of these users of whose genuine identities one is among
   * those asked for: a row may have been pointed at them.
   */
  private List<DirectoryEntry> entries(
      List<User> users, Predicate<IdentityView> asked, Predicate<String> mayKnow) {
    if (users.isEmpty()) {
      return List.of();
    }
    Map<UUID, List<IdentityView>> identities =
        new IdentityDao(jdbc).ofUsers(users.stream().map(User::id).toList(), macs);
    List<DirectoryEntry> entries = new ArrayList<>();
    for (User user : users) {
      List<IdentityView> genuine = identities.getOrDefault(user.id(), List.of());
      List<IdentityView> known =
          genuine.stream().filter(identity -> mayKnow.test(identity.appId())).toList();
      if (!known.isEmpty() && genuine.stream().anyMatch(asked)) {
        entries.add(
            new DirectoryEntry(
                user, known, user.phone().flatMap(phone -> phones.open(user.id(), phone))));
      }
    }
    return entries;
  }
}
