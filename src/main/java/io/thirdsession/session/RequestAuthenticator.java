package io.thirdsession.session;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who is calling: the session of {@code Authorization: Bearer 3rd_…} (RFC 6750 §2.1), nothing else.
 */
public final class RequestAuthenticator {
  private static final String SCHEME = "bearer ";

  private final Function<String, Optional<Session>> sessions;
  private final Clock clock;

  /**
   * Makes an authenticator.
   *
   * @param sessions finds the live session of a token, as {@link SessionService#find} does
   */
  public RequestAuthenticator(Function<String, Optional<Session>> sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Returns who is calling, if their session began less than 10 minutes ago.
   *
   * @throws ApiException {@code session_invalid} as {@link #require}, {@code login_required} if it
   *     is older
   */
  public Caller requireFresh(HttpServletRequest request) {
    Caller caller = require(request);
    if (!clock.instant().isBefore(caller.session().freshUntil())) {
      throw ApiException.of(
          ApiError.LOGIN_REQUIRED,
          "the login is older than " + Session.FRESH.toMinutes() + " minutes");
    }
    return caller;
  }

  /**
   * Returns who is calling.
   *
   * @throws ApiException {@code session_invalid} unless the request bears the token of a live
   *     session; the same whatever was wrong, but for a token without {@code Bearer}, which is told
   *     so
   */
  public Caller require(HttpServletRequest request) {
    return token(request)
        .flatMap(sessions)
        .map(session -> new Caller(session, RequestFacts.of(request)))
        .orElseThrow(() -> noSession(request));
  }

  private static ApiException noSession(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.size() == 1
        && headers.get(0).contains(SessionTokens.PREFIX)
        && token(request).isEmpty()) {
      return ApiException.of(
              ApiError.SESSION_INVALID, "the token in Authorization must follow Bearer and a blank")
          .saying(
              "Authorization 的格式必须是“Bearer 加空格加 token”",
              "The token in Authorization must follow the word Bearer and a blank");
    }
    return ApiException.of(ApiError.SESSION_INVALID, "no live session in Authorization");
  }

  /** Returns the request's bearer token, unchecked; empty if it has none or several. */
  public static Optional<String> token(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.size() != 1) {
      return Optional.empty();
    }
    String header = headers.get(0);
    return header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? Optional.of(header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }
}
