package io.thirdsession.history;

/**
 * An event, as another system was told of it or as it is stored.
 *
 * @param type such as {@code user.created}
 * @param userId empty if it is everybody's
 */
record HeardEvent(long seq, String type, String userId) {}
