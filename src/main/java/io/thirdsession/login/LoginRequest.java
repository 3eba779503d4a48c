package io.thirdsession.login;

import io.thirdsession.http.RequestFacts;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.wechat.WeChatApp;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A login as a client asks for it.
 *
 * @param app which app
 * @param code what wx.login gave; matches {@link #CODE}
 * @param origin through which call
 * @param facts what is known of the request
 * @param device what the client says of its device: a flat and short object of JSON
 * @param profile what it says of its user
 * @param replaced the token that it had until now, in any state
 * @param phoneCode what the phone button gave, to be bound with the login; unchecked
 */
public record LoginRequest(
    WeChatApp app,
    String code,
    SessionOrigin origin,
    RequestFacts facts,
    String device,
    ReportedProfile profile,
    Optional<String> replaced,
    Optional<String> phoneCode) {

  /** The device of a client that says nothing of it. */
  public static final String NO_DEVICE = "{}";

  /** What a code looks like. The blank is for the literal that DevTools gives without an appid. */
  public static final Pattern CODE = Pattern.compile("[A-Za-z0-9 _-]{1,128}");

  @Override
  public String toString() {
    return "LoginRequest[app=" + app.appId() + ", origin=" + origin + "]";
  }
}
