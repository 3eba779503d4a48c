package io.thirdsession.user;

import java.time.Instant;
import java.util.Optional;

/**
 * An identity as shown to its user and to back ends.
 *
 * @param kind the kind of WeChat login: {@code miniprogram}
 * @param appId the app
 * @param openId the user's id in that app
 * @param unionId identifies the person across apps; empty if WeChat never reported one and none was
 *     imported
 * @param createdAt when it first logged in, or what an import said
 * @param sessionKeyReceivedAt when WeChat issued the session_key that is stored; empty if it was
 *     imported and has never logged in
 */
public record IdentityView(
    String kind,
    String appId,
    String openId,
    Optional<String> unionId,
    Instant createdAt,
    Optional<Instant> sessionKeyReceivedAt) {}
