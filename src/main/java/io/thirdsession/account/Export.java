package io.thirdsession.account;

import io.thirdsession.audit.AuditedEvent;
import io.thirdsession.session.DeviceSession;
import io.thirdsession.user.HeldIdentity;
import io.thirdsession.user.UserAnswer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is held of a user. WeChat's session_key is held too and is not here: it never
 * leaves the server, and says nothing of the user.
 *
 * @param phone null if none is bound
 * @param events what happened, the latest first, at most 10,000
 * @param eventsComplete whether those are all
 * @param picture null if none is kept here
 */
record Export(
    Instant exportedAt,
    UserAnswer user,
    @Nullable Phone phone,
    @Nullable Picture picture,
    List<HeldIdentity> identities,
    List<DeviceSession> sessions,
    List<AuditedEvent> events,
    boolean eventsComplete) {

  /** The phone number, in full. */
  record Phone(
      String phoneNumber,
      String purePhoneNumber,
      String countryCode,
      String source,
      Instant boundAt) {

    @Override
    public String toString() {
      return "Phone[source=" + source + "]";
    }
  }

  /** The picture itself. */
  record Picture(String mediaType, String base64, Instant createdAt) {}
}
