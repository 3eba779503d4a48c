package io.thirdsession.audit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Recorded events of a user, latest first.
 *
 * @param events a page of them
 * @param next where the next page begins; empty if there is nothing behind this one
 */
public record EventPage(List<AuditedEvent> events, Optional<UUID> next) {}
