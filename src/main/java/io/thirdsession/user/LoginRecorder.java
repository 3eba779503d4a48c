package io.thirdsession.user;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.RefusedValues;
import io.thirdsession.profile.AvatarService;
import io.thirdsession.user.KnownIdentityDao.ChangedIdentity;
import io.thirdsession.user.KnownIdentityDao.KnownIdentity;
import io.thirdsession.user.KnownIdentityDao.NewIdentity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Writes who logged in: user, identity and session_key. Thread-safe. */
public final class LoginRecorder {
  private final SessionKeySealer sealer;
  private final IdentityMacs macs;
  private final EventOutbox events;
  private final NewUsers newUsers;
  private final boolean unionIdLink;
  private final RefusedValues refused = new RefusedValues();

  /**
   * Makes a recorder that seals session_keys with these keys.
   *
   * @param unionIdLink whether identities with one unionid share a user
   */
  public LoginRecorder(KeyRing keys, IdentityMacs macs, EventOutbox events, boolean unionIdLink) {
    this.sealer = new SessionKeySealer(keys);
    this.macs = macs;
    this.events = events;
    this.newUsers = new NewUsers(sealer, macs, events);
    this.unionIdLink = unionIdLink;
  }

  /**
   * Records a login inside this transaction and returns who logged in. The identity's and the
   * user's rows stay locked until the transaction ends.
   *
   * @throws UserDisabledException if the user may not log in
   * @throws UnknownUserException if it would make a new user and must not
   * @throws ApiException {@code internal_error} if the identity is not genuine: it may have been
   *     pointed at this user, and only an operator can tell
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another first login of the same
   *     user was recorded first: roll back and repeat, and the identity is found
   */
  public RecordedLogin record(Transaction transaction, AppLogin login) {
    return new KnownIdentityDao(transaction)
        .lock(login.appId(), login.codeSession().openId())
        .map(known -> recordReturn(transaction, known, login))
        .orElseGet(() -> recordFirst(transaction, login));
  }

  /**
   * Records those of several logins that are plain, inside this transaction, with few more
   * statements than one. Of a user who was here before: the identity is genuine and locked by
   * nobody else, its user is not disabled and not that of another of these logins. Of a new one:
   * the identity is not there. Of both: no link is to be made. Waits for no lock of an identity or
   * user, but for a transaction that is inserting the same identity at this moment.
   *
   * @param logins of different identities
   * @return who logged in; those that are missing are to be recorded one by one
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if a first login of one of these
   *     users was recorded meanwhile: roll back
   */
  public Map<AppLogin, RecordedLogin> recordPlain(Transaction transaction, List<AppLogin> logins) {
    Map<IdentityKey, KnownIdentity> locked =
        new KnownIdentityDao(transaction)
            .lockFree(logins).stream()
                .collect(toMap(known -> IdentityKey.of(known.identity()), Function.identity()));
    Map<AppLogin, RecordedLogin> recorded =
        new HashMap<>(recordReturns(transaction, logins, locked));
    recorded.putAll(
        recordNew(
            transaction,
            logins.stream().filter(login -> !locked.containsKey(IdentityKey.of(login))).toList()));
    return recorded;
  }

  private Map<AppLogin, RecordedLogin> recordReturns(
      Transaction transaction, List<AppLogin> logins, Map<IdentityKey, KnownIdentity> locked) {
    List<Returning> returning =
        logins.stream()
            .flatMap(
                login ->
                    Optional.ofNullable(locked.get(IdentityKey.of(login)))
                        .map(known -> new Returning(known, login))
                        .stream())
            .toList();
    Set<String> toLink =
        returning.stream()
            .flatMap(one -> toLink(one.known(), one.login()).stream())
            .collect(toSet());
    Set<String> linked = new UserDao(transaction).linked(toLink);
    Set<UUID> users = new HashSet<>();
    List<Returned> plain =
        returning.stream()
            .filter(one -> isPlain(one, linked) && users.add(one.known().user().id()))
            .map(one -> returned(one.known(), one.login()))
            .toList();
    write(transaction, plain);
    return plain.stream().collect(toMap(Returned::login, Returned::recorded));
  }

  /** Of these, some may be of identities that somebody else has locked, or that have no user. */
  private Map<AppLogin, RecordedLogin> recordNew(Transaction transaction, List<AppLogin> unknown) {
    List<AppLogin> plain =
        unknown.stream().filter(login -> login.mayBeNew() && toLink(login).isEmpty()).toList();
    if (plain.isEmpty()) {
      return Map.of();
    }
    Set<IdentityKey> there = new KnownIdentityDao(transaction).there(plain);
    return newUsers.addAll(
        transaction,
        plain.stream().filter(login -> !there.contains(IdentityKey.of(login))).toList());
  }

  private boolean isPlain(Returning one, Set<String> linked) {
    KnownIdentity known = one.known();
    return !known.user().disabled()
        && macs.isGenuine(known.identity(), known.mac())
        && toLink(known, one.login()).map(linked::contains).orElse(true);
  }

  /** Returns the unionid that is to lead to the identity's user. */
  private Optional<String> toLink(KnownIdentity known, AppLogin login) {
    return known.loggedIn(login.codeSession().unionId()).unionId().filter(unionId -> unionIdLink);
  }

  private Optional<String> toLink(AppLogin first) {
    return first.codeSession().unionId().filter(unionId -> unionIdLink);
  }

  private RecordedLogin recordReturn(Transaction transaction, KnownIdentity known, AppLogin login) {
    if (!macs.isGenuine(known.identity(), known.mac())) {
      throw ApiException.of(
          ApiError.INTERNAL_ERROR,
          "login refused: identity "
              + known.identity().id()
              + " was not"
              + " written by a login, or its master key is missing");
    }
    if (known.user().disabled()) {
      throw new UserDisabledException();
    }
    Returned returned = returned(known, login);
    write(transaction, List.of(returned));
    Optional<String> toLink = toLink(known, login);
    UserDao users = new UserDao(transaction);
    if (toLink.isPresent() && users.linked(Set.of(toLink.get())).isEmpty()) {
      users.link(toLink.get(), known.user().id());
    }
    return returned.recorded();
  }

  private Returned returned(KnownIdentity known, AppLogin login) {
    SealedKey brought = sealer.seal(login);
    KeySlots keys =
        known
            .keys()
            .map(
                stored ->
                    stored.after(
                        brought,
                        key -> sealer.isSame(key, login.codeSession().sessionKey()),
                        login.at()))
            .orElseGet(() -> KeySlots.first(brought));
    Identity identity = known.loggedIn(login.codeSession().unionId());
    return new Returned(login, known.user(), loggedIn(known.user(), login), identity, keys);
  }

  private void write(Transaction transaction, List<Returned> logins) {
    if (logins.isEmpty()) {
      return;
    }
    new KnownIdentityDao(transaction)
        .update(
            logins.stream()
                .map(
                    one -> new ChangedIdentity(one.identity(), macs.of(one.identity()), one.keys()))
                .toList());
    new UserDao(transaction).update(logins.stream().map(Returned::user).toList());
    for (Returned one : logins) {
      if (AvatarService.isReplaced(one.before().profile(), one.user().profile())) {
        AvatarService.delete(transaction, one.user().id());
      }
      tellChange(transaction, one.before(), one.user(), one.login());
    }
  }

  private void tellChange(Transaction transaction, User before, User after, AppLogin login) {
    if (!after.profile().equals(before.profile())) {
      events.add(transaction, EventType.PROFILE_CHANGED, after.id(), login.appId(), "");
    }
  }

  private RecordedLogin recordFirst(Transaction transaction, AppLogin login) {
    UserDao users = new UserDao(transaction);
    Optional<String> toLink = toLink(login);
    Optional<User> atLink = toLink.flatMap(users::lockByUnionId);
    Optional<User> linked =
        atLink.filter(known -> isLinkGenuine(transaction, known, toLink.orElseThrow()));
    if (linked.isPresent()) {
      return recordJoining(transaction, linked.get(), login);
    }
    if (!login.mayBeNew()) {
      throw new UnknownUserException();
    }
    if (atLink.isEmpty()) {
      toLink.ifPresent(unionId -> users.link(unionId, login.newUserId()));
    }
    return newUsers.add(transaction, login);
  }

  /** The identity is new, but a unionid leads to its user. */
  private RecordedLogin recordJoining(Transaction transaction, User known, AppLogin login) {
    if (known.disabled()) {
      throw new UserDisabledException();
    }
    User user = loggedIn(known, login);
    new UserDao(transaction).update(List.of(user));
    NewIdentity identity = newUsers.identity(login, user.id());
    new KnownIdentityDao(transaction).insert(List.of(identity));
    tellChange(transaction, known, user, login);
    return new RecordedLogin(user, identity.identity(), false);
  }

  /**
   * Returns whether the user whom a link names has an identity with its unionid, told by WeChat: a
   * link alone proves nothing, and may have been pointed at them; nor does an import.
   */
  private boolean isLinkGenuine(Transaction transaction, User user, String unionId) {
    boolean genuine =
        new IdentityDao(transaction)
            .ofUsers(List.of(user.id()), macs).getOrDefault(user.id(), List.of()).stream()
                .anyMatch(
                    identity ->
                        identity.sessionKeyReceivedAt().isPresent()
                            && identity.unionId().equals(Optional.of(unionId)));
    if (!genuine) {
      refused.tell(
          "unionid_user", user.id(), "user_id", "no identity of this user has this unionid");
    }
    return genuine;
  }

  private static User loggedIn(User user, AppLogin login) {
    return new User(
        user.id(),
        user.createdAt(),
        login.at(),
        false,
        login.profile().over(user.profile()),
        user.phone(),
        user.externalId(),
        user.profileStaleAt());
  }

  /** A login, and the identity and user that it found. */
  private record Returning(KnownIdentity known, AppLogin login) {}

  /** A login of a user who was here before, and what it changes. */
  private record Returned(
      AppLogin login, User before, User user, Identity identity, KeySlots keys) {
    RecordedLogin recorded() {
      return new RecordedLogin(user, identity, user.id().equals(login.newUserId()));
    }
  }
}
