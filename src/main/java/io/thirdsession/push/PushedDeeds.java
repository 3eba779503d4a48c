package io.thirdsession.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.profile.ProfileChange;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserService;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Does what WeChat demands for a user: deletes what they have taken back, or erases them. WeChat
 * repeats what was not answered in time, so a repetition must not delete what the user has given
 * anew since. Thread-safe.
 */
public final class PushedDeeds {
  /** How far WeChat's clock and ours may be apart, and a second for its whole seconds. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(30);

  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MAX_REMEMBERED = 100_000;

  private final UserDirectory directory;
  private final PhoneBook phones;
  private final ProfileService profiles;
  private final UserService users;
  private final EventOutbox events;
  private final AuditTrail audit;
  private final Cache<Done, Boolean> done =
      Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(MAX_REMEMBERED).build();

  public PushedDeeds(
      UserDirectory directory,
      PhoneBook phones,
      ProfileService profiles,
      UserService users,
      EventOutbox events,
      AuditTrail audit) {
    this.directory = directory;
    this.phones = phones;
    this.profiles = profiles;
    this.users = users;
    this.events = events;
    this.audit = audit;
  }

  /**
   * Does what the event demands, unless this node has done it or there is no such user.
   *
   * @throws io.thirdsession.jdbc.StorageException if the database is away; nothing is then
   *     remembered, and WeChat sends it again
   */
  void obey(String appId, PushedEvent event, RequestFacts facts) {
    Done deed = new Done(appId, event);
    Optional<DirectoryEntry> user =
        directory.ofIdentity(appId, event.openId(), app -> true).stream().findFirst();
    if (user.isEmpty() || done.getIfPresent(deed) != null) {
      return;
    }
    UUID userId = user.get().user().id();
    Subject subject = new Subject(Optional.of(userId), appId, Optional.empty(), "");
    Actor actor = Actor.of(subject, facts);
    try {
      if (event.name().equals(PushedEvent.MODIFICATION)) {
        profiles.markStale(userId, event.at());
      } else if (event.name().equals(PushedEvent.CANCELLATION)) {
        cancel(appId, user.get(), event, actor);
      } else {
        revoke(appId, userId, event, actor);
      }
    } catch (ApiException e) {
      if (!isErased(e)) {
        throw e;
      }
    }
    done.put(deed, true);
  }

  /** A user who came anew since has not cancelled. */
  private void cancel(String appId, DirectoryEntry user, PushedEvent event, Actor actor) {
    if (!user.user().createdAt().isAfter(event.at().plus(CLOCKS_APART))) {
      audit.record(AuditEvent.CONSENT_REVOKED, actor, "what=account");
      UUID userId = user.user().id();
      users.erase(userId, actor, transaction -> tell(transaction, appId, userId, "account"));
    }
  }

  private void revoke(String appId, UUID userId, PushedEvent event, Actor actor) {
    if (event.revokesPhone()
        && phones.unbind(
            userId,
            event.at().plus(CLOCKS_APART),
            transaction -> {
              tell(transaction, appId, userId, "phone");
              events.add(transaction, EventType.PHONE_UNBOUND, userId, appId, "");
            })) {
      audit.record(AuditEvent.CONSENT_REVOKED, actor, "what=phone");
    }
    ProfileChange change = ProfileChange.emptying(event.revokesNickName(), event.revokesAvatar());
    if (!change.isEmpty()) {
      profiles.change(
          userId, change, appId, transaction -> tell(transaction, appId, userId, "profile"));
      audit.record(AuditEvent.CONSENT_REVOKED, actor, "what=profile");
    }
  }

  private void tell(Transaction transaction, String appId, UUID userId, String what) {
    events.add(transaction, EventType.CONSENT_REVOKED, userId, appId, what);
  }

  private static boolean isErased(ApiException e) {
    return e.error() == ApiException.userErased().error();
  }

  private record Done(String appId, PushedEvent event) {}
}
