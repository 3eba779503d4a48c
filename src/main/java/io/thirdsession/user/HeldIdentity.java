package io.thirdsession.user;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An identity as its user may see it.
 *
 * @param kind which WeChat login this is: {@code miniprogram}
 * @param appId in which app
 * @param openId their id there
 * @param unionId the person across apps; null if WeChat never told one
 * @param createdAt first login with it
 * @param sessionKeyReceivedAt when WeChat gave the session_key that is held
 */
public record HeldIdentity(
    String kind,
    String appId,
    String openId,
    @Nullable String unionId,
    Instant createdAt,
    Instant sessionKeyReceivedAt) {}
