package io.thirdsession.me;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestBody;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.profile.AvatarService;
import io.thirdsession.profile.Pictures;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code POST /api/me/avatar}: sets the user's avatar to a picture sent with {@code wx.uploadFile}.
 */
public final class AvatarServlet extends ApiServlet {
  /** The maximum size of a file, in bytes. */
  public static final int MAX_FILE_LENGTH = 1_048_576;

  private final RequestAuthenticator authenticator;
  private final AvatarService avatars;
  private final Pictures pictures;
  private final RateLimits limits;

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

  @Override
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.require(request);
    limits.takeOfUser(Limit.AVATAR_USER, caller);
    byte[] jpeg = pictures.avatar(RequestBody.file(request, MAX_FILE_LENGTH));
    String path = avatars.put(caller.userId(), jpeg, caller.session().appId());
    return Response.json(new AvatarUrl(caller.facts().baseUrl() + path));
  }

  private record AvatarUrl(String avatarUrl) {}
}
