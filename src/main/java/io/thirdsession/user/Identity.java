package io.thirdsession.user;

import static java.util.Comparator.comparing;

import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * A user inside one app.
 *
 * @param id internal; never leaves the server
 * @param userId the user it belongs to
 * @param appId the app
 * @param openId the user's id in that app
 * @param unionId identifies the person across apps, as WeChat last reported it; empty if it never
 *     did
 */
public record Identity(
    UUID id, UUID userId, String appId, String openId, Optional<String> unionId) {

  /**
   * In which all insert who insert several: two transactions with some of the same identities then
   * wait for each other in one direction, and never in a circle.
   */
  static final Comparator<Identity> IN_ORDER =
      comparing(Identity::appId).thenComparing(Identity::openId);

  /**
   * Returns this identity with the unionid that WeChat reported now; if it reported none, the last
   * one is kept.
   */
  Identity withUnionId(Optional<String> told) {
    return told.isEmpty() ? this : new Identity(id, userId, appId, openId, told);
  }
}
