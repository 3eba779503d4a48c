package io.thirdsession.event;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An event as other systems are told: in a page, and alone as the body of a webhook.
 *
 * @param which sessions ended: one, others, all, everybody
 * @param source of a phone number
 * @param what was revoked: phone, profile, account
 */
public record EventBody(
    long seq,
    UUID id,
    String type,
    Instant at,
    Optional<UUID> userId,
    Optional<String> externalId,
    Optional<String> appid,
    Optional<String> which,
    Optional<String> source,
    Optional<String> what) {}
