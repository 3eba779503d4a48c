package io.thirdsession.opendata;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.WxResult;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code POST /api/me/decrypt}: open data of any kind (steps, group id, …) comes in encrypted and
 * goes out plain. It is the client's own claim and is stored nowhere.
 */
public final class DecryptServlet extends ApiServlet {
  private final RequestAuthenticator authenticator;
  private final OpenDataService openData;
  private final RateLimits limits;

  public DecryptServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      OpenDataService openData,
      RateLimits limits) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.openData = openData;
    this.limits = limits;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.require(request);
    JsonFields fields = JsonFields.of(request);
    EncryptedFields encrypted = EncryptedFields.required(fields);
    fields.readPast(WxResult.PROFILE_FIELDS);
    fields.end();
    limits.takeOpenDataTry(caller);
    return Response.later(
        openData.decrypt(caller, encrypted, OpenData::claims).thenApply(Response::json));
  }
}
