package io.thirdsession.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a user, as the trail has it.
 *
 * @param at when
 * @param event what
 * @param appId in which app; empty for none
 * @param sid through which session; null for none
 * @param client the service client that did it; empty for the user
 * @param address the client's
 * @param device what the client said of its device; empty for nothing
 * @param requestId as in the log
 * @param detail facts as key=value
 */
public record AuditedEvent(
    Instant at,
    String event,
    String appId,
    @Nullable UUID sid,
    String client,
    String address,
    String device,
    String requestId,
    String detail) {}
