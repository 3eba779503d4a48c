package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionToken;
import io.thirdsession.user.StoredPhone;
import io.thirdsession.user.User;
import java.util.Optional;

/**
 * A login that has succeeded.
 *
 * @param token the third session, to be handed to the client; of no use after a login that keeps no
 *     session
 * @param session what it stands for
 * @param user who logged in
 * @param newUser whether this was their first login
 * @param phoneError what kept the phone from being bound, if it was to be and was not
 */
public record Login(
    SessionToken token,
    Session session,
    User user,
    boolean newUser,
    Optional<ApiError> phoneError) {

  /** Returns this login with the phone bound. */
  Login withPhone(StoredPhone phone) {
    return new Login(token, session, user.withPhone(phone), newUser, Optional.empty());
  }

  /** Returns this login without a phone, and why. */
  Login withoutPhone(ApiError error) {
    return new Login(token, session, user, newUser, Optional.of(error));
  }
}
