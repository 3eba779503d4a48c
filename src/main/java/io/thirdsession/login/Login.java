package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionToken;
import io.thirdsession.user.User;
import java.util.Optional;

/**
 * A login that has succeeded.
 *
 * @param token for the client; useless after a login that keeps no session
 * @param session the session that the token is for
 * @param user who logged in
 * @param newUser whether this was their first login
 * @param boundPhone the phone that was bound with it, masked
 * @param phoneError what kept the phone from being bound, if it was to be and was not
 */
public record Login(
    SessionToken token,
    Session session,
    User user,
    boolean newUser,
    Optional<String> boundPhone,
    Optional<ApiError> phoneError) {

  /** Returns this login with the phone bound. */
  Login withPhone(OpenedPhone phone) {
    return new Login(token, session, user, newUser, Optional.of(phone.masked()), Optional.empty());
  }

  /** Returns this login without a phone, and why. */
  Login withoutPhone(ApiError error) {
    return new Login(token, session, user, newUser, Optional.empty(), Optional.of(error));
  }
}
