package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.user.UserResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What {@code POST /api/login} returns.
 *
 * @param thirdSession the token
 * @param expiresIn seconds until {@code expiresAt}
 * @param phoneError why the phone was not bound, if it was to be
 */
record LoginResponse(
    String thirdSession,
    Instant expiresAt,
    long expiresIn,
    boolean newUser,
    UserResponse user,
    Optional<String> phoneError) {

  static LoginResponse of(Login login, UserResponse user, Instant now) {
    Instant expiresAt = login.session().expiresAt();
    return new LoginResponse(
        login.token().text(),
        expiresAt,
        Duration.between(now, expiresAt).toSeconds(),
        login.newUser(),
        user,
        login.phoneError().map(ApiError::code));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "LoginResponse[userId=" + user.userId() + "]";
  }
}
