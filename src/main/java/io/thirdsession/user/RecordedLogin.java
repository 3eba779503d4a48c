package io.thirdsession.user;

/**
 * Who logged in.
 *
 * @param user after the login
 * @param identity through which they came
 * @param newUser whether this login made the user
 */
public record RecordedLogin(User user, Identity identity, boolean newUser) {}
