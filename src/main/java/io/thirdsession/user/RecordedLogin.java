package io.thirdsession.user;

/**
 * The result of recording a login.
 *
 * @param user the user, as after the login
 * @param identity the identity that logged in
 * @param newUser whether this login created the user
 */
public record RecordedLogin(User user, Identity identity, boolean newUser) {}
