package io.thirdsession.login;

import io.thirdsession.user.UserAnswer;
import java.time.Duration;
import java.time.Instant;

/** What {@code POST /api/login} answers. */
record LoginAnswer(
    String thirdSession, Instant expiresAt, long expiresIn, boolean newUser, UserAnswer user) {

  static LoginAnswer of(Login login, Instant now) {
    Instant expiresAt = login.session().expiresAt();
    return new LoginAnswer(
        login.token().text(),
        expiresAt,
        Duration.between(now, expiresAt).toSeconds(),
        login.newUser(),
        UserAnswer.of(login.user()));
  }

  @Override
  public String toString() {
    return "LoginAnswer[user=" + user.userId() + "]"; // not the token
  }
}
