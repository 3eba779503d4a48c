package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.user.IdentityDao.KnownIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Users and their identities. Thread-safe. */
public final class UserService {
  private static final Duration ERASURE = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final SessionKeySealer sealer;
  private final AuditTrail audit;
  private final boolean unionIdLink;

  /**
   * Uses these keys.
   *
   * @param unionIdLink whether identities with one unionid share a user
   */
  public UserService(Jdbc jdbc, KeyRing keys, AuditTrail audit, boolean unionIdLink) {
    this.jdbc = jdbc;
    this.sealer = new SessionKeySealer(keys);
    this.audit = audit;
    this.unionIdLink = unionIdLink;
  }

  /**
   * Records a login inside this transaction and returns who it was. The rows of identity and user
   * stay locked until the transaction ends.
   *
   * @throws UserDisabledException if the user may not log in
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another first login of the same
   *     user was quicker: roll back and begin again, then it is known
   */
  public RecordedLogin recordLogin(Transaction transaction, AppLogin login) {
    IdentityDao identities = new IdentityDao(transaction);
    UserDao users = new UserDao(transaction);
    return identities
        .lock(login.appId(), login.codeSession().openId())
        .map(known -> recordReturn(identities, users, new AvatarDao(transaction), known, login))
        .orElseGet(() -> recordFirst(identities, users, login));
  }

  /** Returns the identities of a user, the oldest first. */
  public List<HeldIdentity> identities(UUID userId) {
    return new IdentityDao(jdbc).ofUser(userId);
  }

  /**
   * Erases the user with every identity, key, link and session, all at once. Whoever logs in with
   * the same openid afterwards is a new user; what is on its way meanwhile finds nobody. The audit
   * trail keeps what happened, and no longer where.
   *
   * @return whether there was such a user
   */
  public boolean erase(UUID userId) {
    return jdbc.inTransaction(
        Deadline.in(ERASURE),
        transaction -> {
          // in the order in which a login locks, so that the two never wait for each other
          new IdentityDao(transaction).lockAllOf(userId);
          boolean deleted = new UserDao(transaction).delete(userId) == 1;
          audit.blank(transaction, userId);
          return deleted;
        });
  }

  /**
   * Lets the user log in no more, inside this transaction; returns whether there is such a user.
   */
  public boolean disable(Transaction transaction, UUID userId, Instant now) {
    return new UserDao(transaction).disable(userId, now);
  }

  /** Lets the user log in again; returns whether there is such a user. */
  public boolean enable(UUID userId) {
    return new UserDao(jdbc).enable(userId);
  }

  private RecordedLogin recordReturn(
      IdentityDao identities,
      UserDao users,
      AvatarDao avatars,
      KnownIdentity known,
      AppLogin login) {
    User user = loggedIn(known.user(), login);
    StoredKey brought = sealed(login);
    KeySlots keys =
        known
            .keys()
            .after(
                brought,
                stored -> sealer.isSame(stored, login.codeSession().sessionKey()),
                login.now());
    Identity identity = known.identity().withUnionId(login.codeSession().unionId());
    identities.update(identity, keys);
    users.update(user);
    if (AvatarService.isReplaced(known.user().profile(), user.profile())) {
      avatars.delete(user.id());
    }
    Optional<String> toLink = identity.unionId().filter(unionId -> unionIdLink);
    if (toLink.isPresent() && !users.isLinked(toLink.get())) {
      users.link(toLink.get(), user.id());
    }
    return new RecordedLogin(user, identity, user.id().equals(login.newUserId()));
  }

  private RecordedLogin recordFirst(IdentityDao identities, UserDao users, AppLogin login) {
    Optional<String> toLink = login.codeSession().unionId().filter(unionId -> unionIdLink);
    Optional<User> linked = toLink.flatMap(users::lockByUnionId);
    User user =
        linked
            .map(known -> loggedIn(known, login))
            .orElseGet(
                () ->
                    new User(
                        login.newUserId(),
                        login.now(),
                        login.now(),
                        false,
                        login.profile().over(Profile.NONE),
                        Optional.empty()));
    if (linked.isPresent()) {
      users.update(user);
    } else {
      users.insert(user);
      toLink.ifPresent(unionId -> users.link(unionId, user.id()));
    }
    Identity identity =
        new Identity(
            login.newIdentityId(),
            user.id(),
            login.appId(),
            login.codeSession().openId(),
            login.codeSession().unionId());
    identities.insert(identity, sealed(login), login.now());
    return new RecordedLogin(user, identity, linked.isEmpty());
  }

  private static User loggedIn(User user, AppLogin login) {
    if (user.disabled()) {
      throw new UserDisabledException();
    }
    return new User(
        user.id(),
        user.createdAt(),
        login.now(),
        false,
        login.profile().over(user.profile()),
        user.phone());
  }

  private StoredKey sealed(AppLogin login) {
    return sealer.seal(
        login.codeSession().sessionKey(),
        login.appId(),
        login.codeSession().openId(),
        login.exchangedAt());
  }
}
