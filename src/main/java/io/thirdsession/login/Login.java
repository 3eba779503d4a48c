package io.thirdsession.login;

import io.thirdsession.session.Session;
import io.thirdsession.session.SessionToken;
import io.thirdsession.user.User;

/**
 * A login that has succeeded.
 *
 * @param token the third session, to be handed to the client
 * @param session what it stands for
 * @param user who logged in
 * @param newUser whether this was their first login
 */
public record Login(SessionToken token, Session session, User user, boolean newUser) {}
