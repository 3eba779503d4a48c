package io.thirdsession.account;

import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.AuditedEvent;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.AvatarService;
import io.thirdsession.user.BoundPhone;
import io.thirdsession.user.KeptPicture;
import io.thirdsession.user.PhoneBook;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.User;
import io.thirdsession.user.UserAnswers;
import io.thirdsession.user.UserService;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Gathers everything that is held of a user. Thread-safe. */
public final class ExportService {
  /** Of what happened, the latest. */
  private static final int MOST_EVENTS = 10_000;

  private final ProfileService profiles;
  private final UserService users;
  private final PhoneBook phones;
  private final AvatarService avatars;
  private final SessionService sessions;
  private final AuditTrail audit;
  private final UserAnswers answers;
  private final Clock clock;

  /** Asks these. */
  public ExportService(
      ProfileService profiles,
      UserService users,
      PhoneBook phones,
      AvatarService avatars,
      SessionService sessions,
      AuditTrail audit,
      UserAnswers answers,
      Clock clock) {
    this.profiles = profiles;
    this.users = users;
    this.phones = phones;
    this.avatars = avatars;
    this.sessions = sessions;
    this.audit = audit;
    this.answers = answers;
    this.clock = clock;
  }

  /**
   * Returns what is held now.
   *
   * @throws io.thirdsession.http.ApiException {@code session_invalid} if the user is gone
   */
  Export export(UUID userId, String baseUrl) {
    User user = profiles.find(userId);
    List<AuditedEvent> events = audit.ofUser(userId, MOST_EVENTS + 1);
    boolean complete = events.size() <= MOST_EVENTS;
    return new Export(
        clock.instant(),
        answers.of(user, baseUrl),
        phones.open(user).map(ExportService::phone).orElse(null),
        avatars.ofUser(userId).map(ExportService::picture).orElse(null),
        users.identities(userId),
        sessions.heldOfUser(userId),
        complete ? events : events.subList(0, MOST_EVENTS),
        complete);
  }

  private static Export.Phone phone(BoundPhone phone) {
    return new Export.Phone(
        phone.number().phoneNumber(),
        phone.number().purePhoneNumber(),
        phone.number().countryCode(),
        phone.source().label(),
        phone.boundAt());
  }

  private static Export.Picture picture(KeptPicture picture) {
    return new Export.Picture("image/jpeg", picture.base64(), picture.createdAt());
  }
}
