package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.user.UserAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code POST /api/login} answers. */
final class LoginAnswer {
  private LoginAnswer() {}

  /**
   * Returns the fields; {@code phoneError} is there only if a phone was to be bound and was not.
   */
  static Map<String, Object> of(Login login, UserAnswer user, Instant now) {
    Instant expiresAt = login.session().expiresAt();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("thirdSession", login.token().text());
    answer.put("expiresAt", expiresAt);
    answer.put("expiresIn", Duration.between(now, expiresAt).toSeconds());
    answer.put("newUser", login.newUser());
    answer.put("user", user);
    login.phoneError().map(ApiError::code).ifPresent(error -> answer.put("phoneError", error));
    return answer;
  }
}
