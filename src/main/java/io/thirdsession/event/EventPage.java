package io.thirdsession.event;

import java.util.List;

/**
 * Some events in their order.
 *
 * @param next the place to go on behind: that of the last event that was looked at
 * @param purged events up to this place are deleted
 * @param last the last place there is
 */
public record EventPage(List<Event> events, long next, long purged, long last) {}
