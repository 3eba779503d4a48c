package io.thirdsession.me;

import io.thirdsession.session.DeviceSession;
import io.thirdsession.user.UserResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is stored about a user, but for the recorded events, which follow it in the
 * response. WeChat's session_key is left out: it never leaves the server, and says nothing about
 * the user.
 *
 * @param externalId the company's own id of the user; null if it gave none
 * @param phone null if none is bound
 * @param picture null if none is stored here
 */
record Export(
    Instant exportedAt,
    UserResponse user,
    @Nullable String externalId,
    @Nullable Phone phone,
    @Nullable Picture picture,
    List<Identity> identities,
    List<DeviceSession> sessions) {

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

  /**
   * An identity; {@code unionId} is null if WeChat never reported one, {@code sessionKeyReceivedAt}
   * if there is no session_key.
   */
  record Identity(
      String kind,
      String appId,
      String openId,
      @Nullable String unionId,
      Instant createdAt,
      @Nullable Instant sessionKeyReceivedAt) {}
}
