package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventOutbox.Created;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiError;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.phonebook.SealedPhone;
import io.thirdsession.profile.Profile;
import io.thirdsession.user.ImportDao.NewUser;
import io.thirdsession.user.ImportResult.Status;
import io.thirdsession.user.KnownIdentityDao.KnownIdentity;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Writes users whom the company brings along, each with an identity that has no session_key until
 * it logs in for the first time. From that login on an import changes nothing of them but the
 * external id: the rest is the user's. Nobody is joined to a user who is there. Thread-safe.
 */
public final class UserImport {
  /** The most users in one transaction: larger ones slow down everybody's commits. */
  public static final int MAX_TOGETHER = 500;

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration ALONE = Duration.ofSeconds(10);
  private static final int MAX_TRIES = 4;

  private final Jdbc jdbc;
  private final IdentityMacs macs;
  private final PhoneBook phones;
  private final EventOutbox events;
  private final Clock clock;
  private final RandomGenerator random;

  public UserImport(
      Jdbc jdbc,
      IdentityMacs macs,
      PhoneBook phones,
      EventOutbox events,
      Clock clock,
      RandomGenerator random) {
    this.jdbc = jdbc;
    this.macs = macs;
    this.phones = phones;
    this.events = events;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Writes these users, all in one transaction unless somebody else writes one of them at the same
   * moment, and returns what came of each, in their order.
   *
   * @param users of different identities, at most {@link #MAX_TOGETHER}
   * @param mayKnow accepts the appids whose users the caller may change
   * @throws StorageException if the database is away; none or some are written then, whole
   */
  public List<ImportResult> write(List<ImportedUser> users, Predicate<String> mayKnow) {
    List<Draft> drafts = users.stream().map(this::draft).toList();
    try {
      return jdbc.inTransaction(Deadline.in(DEADLINE), tx -> new Unit(tx, mayKnow).write(drafts));
    } catch (StorageException.DuplicateKey e) {
      return drafts.stream().map(draft -> alone(draft, Deadline.in(ALONE), mayKnow)).toList();
    }
  }

  /**
   * Writes this user, who is about to log in, and returns what came of it.
   *
   * @throws StorageException if the database is away; the user is not written then, or whole
   */
  public ImportResult write(ImportedUser user, Deadline deadline) {
    return alone(draft(user), deadline, app -> true);
  }

  /** Ids and time are fixed before the first try: when it is repeated it knows its own rows. */
  private Draft draft(ImportedUser user) {
    Instant now = clock.instant();
    Instant createdAt = user.createdAt().orElse(now);
    return new Draft(
        user, Uuid7.next(createdAt, random), Uuid7.next(createdAt, random), createdAt, now);
  }

  private ImportResult alone(Draft draft, Deadline deadline, Predicate<String> mayKnow) {
    for (int i = 1; i < MAX_TRIES; i++) {
      try {
        return jdbc.inTransaction(deadline, tx -> new Unit(tx, mayKnow).writeLocked(draft));
      } catch (StorageException.DuplicateKey ignored) {
        // somebody was quicker, who is found at the next try
      }
    }
    return jdbc.inTransaction(deadline, tx -> new Unit(tx, mayKnow).writeLocked(draft));
  }

  /** A user who is to be imported, and what is drawn for them. */
  private record Draft(
      ImportedUser user, UUID userId, UUID identityId, Instant createdAt, Instant now) {
    IdentityKey key() {
      return new IdentityKey(user.appId(), user.openId());
    }
  }

  /** What is done in one transaction. */
  private final class Unit {
    private final Transaction transaction;
    private final ImportDao rows;
    private final Predicate<String> mayKnow;
    private final List<NewUser> added = new ArrayList<>();
    private Map<String, UUID> holders = Map.of();

    Unit(Transaction transaction, Predicate<String> mayKnow) {
      this.transaction = transaction;
      this.rows = new ImportDao(transaction);
      this.mayKnow = mayKnow;
    }

    List<ImportResult> write(List<Draft> drafts) {
      Map<IdentityKey, KnownIdentity> known = known(drafts);
      holders = rows.holders(wanted(drafts, known));
      List<ImportResult> results = new ArrayList<>();
      for (Draft draft : drafts) {
        results.add(write(draft, Optional.ofNullable(known.get(draft.key()))));
      }
      insert();
      return results;
    }

    /** Deletes an identity without a user, too, which would be in the way again and again. */
    ImportResult writeLocked(Draft draft) {
      Optional<KnownIdentity> known =
          new KnownIdentityDao(transaction).lock(draft.user().appId(), draft.user().openId());
      holders = rows.holders(draft.user().externalId().stream().toList());
      ImportResult result = write(draft, known);
      insert();
      return result;
    }

    private void insert() {
      rows.insert(added);
      events.addCreated(
          transaction,
          added.stream()
              .map(
                  one ->
                      new Created(one.user().id(), one.user().externalId(), one.identity().appId()))
              .toList());
    }

    private Map<IdentityKey, KnownIdentity> known(List<Draft> drafts) {
      Map<String, List<String>> openIds = new HashMap<>();
      for (Draft draft : drafts) {
        openIds
            .computeIfAbsent(draft.user().appId(), app -> new ArrayList<>())
            .add(draft.user().openId());
      }
      Map<IdentityKey, KnownIdentity> known = new HashMap<>();
      openIds.forEach(
          (app, ids) ->
              new KnownIdentityDao(transaction)
                  .find(app, ids)
                  .forEach(
                      found -> known.put(new IdentityKey(app, found.identity().openId()), found)));
      return known;
    }

    private List<String> wanted(List<Draft> drafts, Map<IdentityKey, KnownIdentity> known) {
      return drafts.stream()
          .filter(
              draft ->
                  !Optional.ofNullable(known.get(draft.key()))
                      .flatMap(found -> found.user().externalId())
                      .equals(draft.user().externalId()))
          .flatMap(draft -> draft.user().externalId().stream())
          .toList();
    }

    private ImportResult write(Draft draft, Optional<KnownIdentity> known) {
      Optional<String> externalId = draft.user().externalId();
      UUID userId = known.map(found -> found.user().id()).orElse(draft.userId());
      Optional<UUID> holder = externalId.map(holders::get);
      if (holder.isPresent() && !holder.get().equals(userId)) {
        return ImportResult.refused(ApiError.CONFLICT, Optional.of("externalId"));
      }
      if (known.isEmpty()) {
        added.add(added(draft));
        externalId.ifPresent(id -> holders.put(id, userId));
        return ImportResult.done(Status.CREATED, userId);
      }
      return changed(draft, known.get());
    }

    private NewUser added(Draft draft) {
      ImportedUser from = draft.user();
      User user =
          new User(
              draft.userId(),
              draft.createdAt(),
              draft.createdAt(),
              false,
              from.profile().over(Profile.NONE),
              from.phone().map(phone -> phones.imported(draft.userId(), phone, draft.now())),
              from.externalId(),
              Optional.empty());
      Identity identity =
          new Identity(
              draft.identityId(), draft.userId(), from.appId(), from.openId(), from.unionId());
      return new NewUser(user, identity, macs.of(identity));
    }

    private ImportResult changed(Draft draft, KnownIdentity found) {
      UUID userId = found.user().id();
      if (!macs.isGenuine(found.identity(), found.mac())) {
        return ImportResult.refused(ApiError.INTERNAL_ERROR, Optional.empty());
      }
      if (userId.equals(draft.userId())) {
        return ImportResult.done(Status.CREATED, userId); // by a commit whose response was lost
      }
      if (after(draft, found).equals(found.user()) && unionId(draft, found).isEmpty()) {
        return ImportResult.done(Status.UNCHANGED, userId);
      }
      if (isForeignToo(userId)) {
        return ImportResult.refused(ApiError.FORBIDDEN, Optional.of("appid"));
      }
      Optional<KnownIdentity> locked =
          new KnownIdentityDao(transaction).lock(draft.user().appId(), draft.user().openId());
      if (locked.isEmpty() || !locked.get().identity().equals(found.identity())) {
        // it was erased or logged in just now: the next import finds what it is
        return ImportResult.refused(ApiError.STORAGE_UNAVAILABLE, Optional.empty());
      }
      write(draft, locked.get());
      return ImportResult.done(Status.UPDATED, userId);
    }

    private void write(Draft draft, KnownIdentity locked) {
      User after = after(draft, locked);
      if (!after.equals(locked.user())) {
        rows.change(after);
        locked.user().externalId().ifPresent(holders::remove);
        after.externalId().ifPresent(id -> holders.put(id, after.id()));
        tell(locked.user(), after, draft.user().appId());
      }
      unionId(draft, locked)
          .ifPresent(
              unionId -> {
                Identity identity = locked.identity().withUnionId(Optional.of(unionId));
                rows.changeUnionId(identity, macs.of(identity));
              });
    }

    private void tell(User before, User after, String appId) {
      if (!after.profile().equals(before.profile())) {
        events.add(transaction, EventType.PROFILE_CHANGED, after.id(), appId, "");
      }
      if (!after.phone().equals(before.phone())) {
        String source = after.phone().map(phone -> phone.source().label()).orElse("");
        events.add(transaction, EventType.PHONE_BOUND, after.id(), appId, source);
      }
    }

    private boolean isForeignToo(UUID userId) {
      return new IdentityDao(transaction)
          .ofUsers(List.of(userId), macs).getOrDefault(userId, List.of()).stream()
              .anyMatch(identity -> !mayKnow.test(identity.appId()));
    }

    /** Returns the user as they are to be: equal to the one that there is if nothing changes. */
    private User after(Draft draft, KnownIdentity found) {
      User user = found.user();
      boolean loggedIn = found.keys().isPresent();
      return new User(
          user.id(),
          user.createdAt(),
          user.lastLoginAt(),
          user.disabled(),
          loggedIn ? user.profile() : draft.user().profile().over(user.profile()),
          loggedIn ? user.phone() : phone(draft, user),
          draft.user().externalId().or(user::externalId),
          user.profileStaleAt());
    }

    private Optional<SealedPhone> phone(Draft draft, User user) {
      Optional<PhoneNumber> bound =
          user.phone().flatMap(phone -> phones.open(user.id(), phone)).map(OpenedPhone::number);
      return draft.user().phone().isEmpty() || draft.user().phone().equals(bound)
          ? user.phone()
          : draft.user().phone().map(phone -> phones.imported(user.id(), phone, draft.now()));
    }

    /** Returns the unionid that the identity is to have instead of the one that it has. */
    private Optional<String> unionId(Draft draft, KnownIdentity found) {
      return draft
          .user()
          .unionId()
          .filter(
              told ->
                  found.keys().isEmpty() && !found.identity().unionId().equals(Optional.of(told)));
    }
  }
}
