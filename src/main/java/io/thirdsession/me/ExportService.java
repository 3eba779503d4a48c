package io.thirdsession.me;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Chunks;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.profile.Avatar;
import io.thirdsession.profile.AvatarService;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.IdentityView;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.User;
import io.thirdsession.user.UserResponses;
import io.thirdsession.user.UserService;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Gathers everything that is stored about a user. An export costs as much as thousands of other
 * calls, so a user may have few of them, and few run at once; each holds a page of events in
 * memory, and a connection to the database only while it reads one. Thread-safe.
 */
public final class ExportService {
  /** The maximum number of events in an export: the latest ones. */
  private static final int MAX_EVENTS = 10_000;

  private static final int MAX_AT_ONCE = 4;

  private final ProfileService profiles;
  private final UserService users;
  private final PhoneBook phones;
  private final AvatarService avatars;
  private final SessionService sessions;
  private final AuditTrail audit;
  private final UserResponses responses;
  private final RateLimits limits;
  private final Clock clock;
  private final Semaphore open = new Semaphore(MAX_AT_ONCE);

  public ExportService(
      ProfileService profiles,
      UserService users,
      PhoneBook phones,
      AvatarService avatars,
      SessionService sessions,
      AuditTrail audit,
      UserResponses responses,
      RateLimits limits,
      Clock clock) {
    this.profiles = profiles;
    this.users = users;
    this.phones = phones;
    this.avatars = avatars;
    this.sessions = sessions;
    this.audit = audit;
    this.responses = responses;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * Returns everything that is now stored about the caller's user, after recording the export in
   * the audit trail. It must be closed: only four are open at once on a node.
   *
   * @throws ApiException {@code session_invalid} if the user no longer exists, {@code rate_limited}
   *     if they have exported too often, {@code overloaded} if four exports are open
   */
  Chunks export(Caller caller) {
    limits.takeOfUser(Limit.EXPORT_USER, caller);
    if (!open.tryAcquire()) {
      throw ApiException.of(ApiError.OVERLOADED, MAX_AT_ONCE + " exports are open");
    }
    try {
      audit.record(AuditEvent.EXPORTED, caller, "");
      UUID userId = caller.userId();
      return new ExportBody(
          gathered(caller),
          (before, max) -> audit.ofUser(userId, before, max),
          MAX_EVENTS,
          open::release);
    } catch (RuntimeException e) {
      open.release();
      throw e;
    }
  }

  private Export gathered(Caller caller) {
    UUID userId = caller.userId();
    User user = profiles.find(userId);
    return new Export(
        clock.instant(),
        responses.of(user, caller.facts().baseUrl()),
        user.externalId().orElse(null),
        user.phone()
            .flatMap(phone -> phones.open(user.id(), phone))
            .map(ExportService::phone)
            .orElse(null),
        avatars.ofUser(userId).map(ExportService::picture).orElse(null),
        users.identities(userId).stream().map(ExportService::identity).toList(),
        sessions.heldOfUser(userId));
  }

  private static Export.Phone phone(OpenedPhone phone) {
    return new Export.Phone(
        phone.number().phoneNumber(),
        phone.number().purePhoneNumber(),
        phone.number().countryCode(),
        phone.source().label(),
        phone.boundAt());
  }

  private static Export.Identity identity(IdentityView identity) {
    return new Export.Identity(
        identity.kind(),
        identity.appId(),
        identity.openId(),
        identity.unionId().orElse(null),
        identity.createdAt(),
        identity.sessionKeyReceivedAt().orElse(null));
  }

  private static Export.Picture picture(Avatar picture) {
    return new Export.Picture("image/jpeg", picture.base64(), picture.createdAt());
  }
}
