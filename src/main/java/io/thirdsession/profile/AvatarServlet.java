package io.thirdsession.profile;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.AvatarService;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** {@code POST /api/me/avatar}: a picture, as {@code wx.uploadFile} sends it. */
public final class AvatarServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  /** The most bytes in a file. */
  private static final int LONGEST_FILE = 1_048_576;

  private final transient RequestAuthenticator authenticator;
  private final transient AvatarService avatars;
  private final transient Pictures pictures;
  private final transient RateLimits limits;

  /** Answers through this responder. */
  public AvatarServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      AvatarService avatars,
      Pictures pictures,
      RateLimits limits) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.avatars = avatars;
    this.pictures = pictures;
    this.limits = limits;
  }

  /** Returns the limits of a body. */
  public static MultipartConfigElement limits() {
    return RequestBody.limits(LONGEST_FILE);
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    limits.takeOfUser(
        Limit.AVATAR_USER,
        session.userId().toString(),
        session.subject(),
        RequestFacts.of(request));
    byte[] jpeg = pictures.avatar(RequestBody.file(request, LONGEST_FILE));
    String path = avatars.put(session.userId(), jpeg);
    return Answer.json(Map.of("avatarUrl", RequestFacts.of(request).baseUrl() + path));
  }
}
