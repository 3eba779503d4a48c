package io.thirdsession.compat;

import io.thirdsession.Deadline;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.phone.PhoneEvent;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.wechat.PhoneNumber;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /getPhoneNumber.html}: the tutorials' phone button. The client logs in after the tap, with
 * a new code, when WeChat may already have changed the session_key; the key from before that login
 * still decrypts the data. No session is created, since these clients keep none.
 */
public final class GetPhoneNumberServlet extends SeedLoginServlet {
  private static final Logger log = LoggerFactory.getLogger(GetPhoneNumberServlet.class);

  private final PhoneService phones;

  public GetPhoneNumberServlet(
      Responder responder, AppChooser apps, LoginService logins, PhoneService phones) {
    super(responder, apps, logins);
    this.phones = phones;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Deadline deadline = Deadline.in(PhoneService.BINDING);
    SeedParameters parameters = SeedParameters.of(request);
    RequestFacts facts = RequestFacts.of(request);
    if (parameters.has("secret")) {
      log.warn(
          "a client sends its AppSecret to {} request={} cure=\"take it out of the mini program and"
              + " reset it\"",
          request.getServletPath(),
          facts.loggedId());
    }
    // a user who refused has no data: reported before the code is spent
    PhoneEvent event =
        new PhoneEvent(
            Optional.empty(),
            Optional.of(
                EncryptedFields.of(
                    parameters.required("encryptedData"), parameters.required("iv"))));
    phones.requireTaken(event);
    return Response.later(
        login(
                request,
                parameters,
                SessionOrigin.GET_PHONE_NUMBER,
                ReportedProfile.NONE,
                Optional.empty())
            .thenCompose(login -> phones.bind(new Caller(login.session(), facts), event, deadline))
            .thenApply(number -> Response.json(PhoneResponse.of(number))));
  }

  private record PhoneResponse(
      int code, String phoneNumber, String purePhoneNumber, String countryCode) {
    static PhoneResponse of(PhoneNumber number) {
      return new PhoneResponse(
          0, number.phoneNumber(), number.purePhoneNumber(), number.countryCode());
    }
  }
}
