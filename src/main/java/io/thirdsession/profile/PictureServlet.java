package io.thirdsession.profile;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.user.AvatarService;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code GET /avatars/{id}}: the picture of a user, for whoever was told its address. What stands
 * there never changes, so every cache may keep it.
 */
public final class PictureServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient AvatarService avatars;

  /** Answers through this responder. */
  public PictureServlet(Responder responder, AvatarService avatars) {
    super(responder, "GET", "HEAD");
    this.avatars = avatars;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    return avatars
        .find(request.getServletPath() + request.getPathInfo())
        .map(jpeg -> Answer.immutable("image/jpeg", jpeg))
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no such picture"));
  }
}
