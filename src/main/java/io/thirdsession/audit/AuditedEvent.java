package io.thirdsession.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A recorded event of a user.
 *
 * @param at when it happened
 * @param event what happened: the label of an {@link AuditEvent}
 * @param appId the app in which it happened; empty if none
 * @param sid the session concerned; null if none
 * @param client id of the service client that did it; empty if it was not one
 * @param address the client's IP address
 * @param device what the client said about its device; empty if nothing
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
