package io.thirdsession.session;

import java.time.Instant;
import java.util.UUID;

/**
 * A live session as its user may see it; it holds nothing of the token.
 *
 * @param sid public id of the session
 * @param appId in which app
 * @param createdAt when it began
 * @param lastSeenAt login or latest touch
 * @param expiresAt the earlier of idle and absolute end
 * @param origin which call made it
 * @param address the client's at login
 * @param device what the client said of its device, as it becomes JSON
 */
public record DeviceSession(
    UUID sid,
    String appId,
    Instant createdAt,
    Instant lastSeenAt,
    Instant expiresAt,
    String origin,
    String address,
    Object device) {}
