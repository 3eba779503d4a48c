package io.thirdsession.opendata;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.wechat.OpenData;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code POST /api/me/decrypt}: open data of any kind (steps, group id, …) comes in encrypted and
 * goes out plain. It is the client's own claim and is stored nowhere.
 */
public final class DecryptServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient OpenDataService openData;

  /** Answers through this responder. */
  public DecryptServlet(
      Responder responder, RequestAuthenticator authenticator, OpenDataService openData) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.openData = openData;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    JsonFields fields = JsonFields.of(request);
    EncryptedFields encrypted = EncryptedFields.required(fields);
    fields.end();
    return Answer.later(
        openData
            .decrypt(session, encrypted, OpenData::claims, RequestFacts.of(request))
            .thenApply(Answer::json));
  }
}
