package io.thirdsession.push;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.RequestBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.wechat.WeChatId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * {@code /wx/push/{appid}}: the address of a mini program's message push in WeChat's console. GET
 * proves that it is ours, POST brings a message.
 */
public final class PushServlet extends ApiServlet {
  /** The path below which every app has its own. */
  public static final String PATH = "/wx/push";

  /** The most bytes in a message. */
  public static final int MAX_LENGTH = 262_144;

  private final PushService pushes;

  public PushServlet(Responder responder, PushService pushes) {
    super(responder, "GET", "HEAD", "POST");
    this.pushes = pushes;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    boolean isMessage = request.getMethod().equals("POST");
    PushRequest push =
        new PushRequest(
            appId(request),
            FormFields.ofQuery(request),
            Optional.ofNullable(request.getQueryString()).orElse(""),
            Optional.ofNullable(request.getContentType()).orElse("text/xml"),
            RequestFacts.of(request));
    return isMessage
        ? Response.later(pushes.take(push, RequestBody.read(request, MAX_LENGTH)))
        : pushes.verify(push);
  }

  private static String appId(HttpServletRequest request) {
    return Optional.ofNullable(request.getPathInfo())
        .map(path -> path.substring(1))
        .filter(WeChatId.PATTERN.asMatchPredicate())
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no appid in the path"));
  }
}
