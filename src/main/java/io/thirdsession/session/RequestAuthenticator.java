package io.thirdsession.session;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who is calling: the session of {@code Authorization: Bearer 3rd_…} (RFC 6750 §2.1), nothing else.
 */
public final class RequestAuthenticator {
  private static final String SCHEME = "bearer ";

  /** What cannot be undone wants a login no older than this. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final SessionService sessions;
  private final Clock clock;

  /** Finds sessions here. */
  public RequestAuthenticator(SessionService sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Returns the session of this request if it began less than 10 minutes ago.
   *
   * @throws ApiException {@code session_invalid} as {@link #require}, {@code login_required} if it
   *     is older
   */
  public Session requireFresh(HttpServletRequest request) {
    Session session = require(request);
    if (!clock.instant().isBefore(session.createdAt().plus(FRESH))) {
      throw ApiException.of(
          ApiError.LOGIN_REQUIRED, "the login is older than " + FRESH.toMinutes() + " minutes");
    }
    return session;
  }

  /**
   * Returns the session of this request.
   *
   * @throws ApiException {@code session_invalid} if there is none that is live; always the same,
   *     whatever was wrong
   */
  public Session require(HttpServletRequest request) {
    return token(request)
        .flatMap(sessions::find)
        .orElseThrow(
            () -> ApiException.of(ApiError.SESSION_INVALID, "no live session in Authorization"));
  }

  /** Returns the token that the request bears, unchecked; empty if there is none, or several. */
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
