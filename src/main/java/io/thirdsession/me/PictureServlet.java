package io.thirdsession.me;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.profile.AvatarService;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code GET /avatars/{id}}: returns the picture of a user to anyone who has its URL. The picture
 * at a URL never changes, so whoever has seen it may keep it for a while.
 */
public final class PictureServlet extends ApiServlet {
  private final AvatarService avatars;

  public PictureServlet(Responder responder, AvatarService avatars) {
    super(responder, "GET", "HEAD");
    this.avatars = avatars;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    return avatars
        .find(request.getServletPath() + request.getPathInfo())
        .map(jpeg -> Response.immutable("image/jpeg", jpeg))
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no such picture"));
  }
}
