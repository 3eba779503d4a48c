package io.thirdsession.user;

import static java.util.stream.Collectors.toMap;

import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventOutbox.Created;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.profile.Profile;
import io.thirdsession.user.KnownIdentityDao.NewIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes who is here for the first time: user, identity and event. Thread-safe. */
final class NewUsers {
  private final SessionKeySealer sealer;
  private final IdentityMacs macs;
  private final EventOutbox events;

  NewUsers(SessionKeySealer sealer, IdentityMacs macs, EventOutbox events) {
    this.sealer = sealer;
    this.macs = macs;
    this.events = events;
  }

  /**
   * Makes a user for this login and returns who logged in.
   *
   * @param login of an identity that is not there
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another login inserted it first
   */
  RecordedLogin add(Transaction transaction, AppLogin login) {
    New added = of(login);
    insert(transaction, List.of(added));
    return added.recorded();
  }

  /**
   * Makes a user for each of these logins, with little more than the statements for one, and
   * returns who logged in.
   *
   * @param logins of different identities, none of which is there
   * @throws io.thirdsession.jdbc.StorageException.DuplicateKey if another login inserted one of the
   *     identities first
   */
  Map<AppLogin, RecordedLogin> addAll(Transaction transaction, List<AppLogin> logins) {
    List<New> added = logins.stream().map(this::of).toList();
    insert(transaction, added);
    return added.stream().collect(toMap(New::login, New::recorded));
  }

  private void insert(Transaction transaction, List<New> added) {
    new UserDao(transaction).insert(added.stream().map(New::user).toList());
    new KnownIdentityDao(transaction).insert(added.stream().map(New::identity).toList());
    events.addCreated(transaction, added.stream().map(New::created).toList());
  }

  /** Returns the identity that a first login brings to this user. */
  NewIdentity identity(AppLogin login, UUID userId) {
    Identity identity =
        new Identity(
            login.newIdentityId(),
            userId,
            login.appId(),
            login.codeSession().openId(),
            login.codeSession().unionId());
    return new NewIdentity(identity, macs.of(identity), sealer.seal(login), login.at());
  }

  private New of(AppLogin login) {
    User user =
        new User(
            login.newUserId(),
            login.at(),
            login.at(),
            false,
            login.profile().over(Profile.NONE),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new New(login, user, identity(login, user.id()));
  }

  private record New(AppLogin login, User user, NewIdentity identity) {
    Created created() {
      return new Created(user.id(), Optional.empty(), login.appId());
    }

    RecordedLogin recorded() {
      return new RecordedLogin(user, identity.identity(), true);
    }
  }
}
