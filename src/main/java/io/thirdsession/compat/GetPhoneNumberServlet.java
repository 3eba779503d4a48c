package io.thirdsession.compat;

import io.thirdsession.Deadline;
import io.thirdsession.http.Answer;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.phone.PhoneEvent;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import io.thirdsession.wechat.PhoneNumber;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /getPhoneNumber.html}: the tutorials' phone button. It logs in after the tap, with a code
 * of its own, when WeChat may have changed the session_key already: the key before that login opens
 * the data all the same. It makes no session, for its clients keep none.
 */
public final class GetPhoneNumberServlet extends SeedLoginServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(GetPhoneNumberServlet.class);

  private final transient PhoneService phones;

  /** Answers through this responder. */
  public GetPhoneNumberServlet(
      Responder responder, Apps apps, LoginService logins, PhoneService phones) {
    super(responder, apps, logins);
    this.phones = phones;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Deadline deadline = Deadline.in(PhoneService.BINDING);
    SeedParameters parameters = SeedParameters.of(request);
    RequestFacts facts = RequestFacts.of(request);
    if (parameters.has("secret")) {
      log.warn(
          "a client sends its AppSecret to {}: take it out of the mini program and reset it",
          request.getServletPath());
    }
    // a user who refused has no data: said before a code is spent
    PhoneEvent event =
        new PhoneEvent(
            Optional.empty(),
            Optional.of(
                new EncryptedFields(
                    parameters.required("encryptedData"), parameters.required("iv"))));
    phones.requireTaken(event);
    return Answer.later(
        login(
                request,
                parameters,
                SessionOrigin.GET_PHONE_NUMBER,
                ReportedProfile.NONE,
                Optional.empty())
            .thenCompose(login -> phones.bind(login.session(), event, deadline, facts))
            .thenApply(number -> Answer.json(body(number))));
  }

  private static Map<String, Object> body(PhoneNumber number) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("phoneNumber", number.phoneNumber());
    body.put("purePhoneNumber", number.purePhoneNumber());
    body.put("countryCode", number.countryCode());
    return body;
  }
}
