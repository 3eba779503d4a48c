package io.thirdsession.user;

import java.util.Optional;
import java.util.UUID;

/**
 * A user inside one app.
 *
 * @param id internal; never leaves the server
 * @param userId whose it is
 * @param appId the app
 * @param openId the user's id there
 * @param unionId the person across apps, as WeChat told last
 */
public record Identity(
    UUID id, UUID userId, String appId, String openId, Optional<String> unionId) {

  /** Returns this identity with the unionid that WeChat told now; told none, it keeps the last. */
  Identity withUnionId(Optional<String> told) {
    return told.isEmpty() ? this : new Identity(id, userId, appId, openId, told);
  }
}
