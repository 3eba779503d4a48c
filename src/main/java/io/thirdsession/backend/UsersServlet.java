package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.wechat.PhoneNumber;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code GET /api/users?userId=}, {@code ?appid=&openid=}, {@code ?unionid=}; {@code POST
 * /api/users/find}: who somebody is. A phone number stands in a body only, never in an address.
 */
public final class UsersServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private static final String FIND = "/api/users/find";
  private static final int MOST_IDS = 100;
  private static final Pattern USER_ID = Pattern.compile(Uuid7.TEXT);
  private static final Pattern WECHAT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern PHONE = Pattern.compile("\\+?[0-9]{3,24}");
  private static final Pattern COUNTRY = Pattern.compile("[0-9]{1,4}");

  private final transient ClientAuthenticator clients;
  private final transient UserDirectory users;

  /** Answers through this responder. */
  public UsersServlet(Responder responder, ClientAuthenticator clients, UserDirectory users) {
    super(responder, "GET", "HEAD", "POST");
    this.clients = clients;
    this.users = users;
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    return request.getServletPath().equals(FIND) ? List.of("POST") : List.of("GET", "HEAD");
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.USERS);
    List<DirectoryEntry> found =
        request.getMethod().equals("POST") ? find(request, client) : lookUp(request, client);
    return Answer.json(BackendUser.list(found, client, RequestFacts.of(request).baseUrl()));
  }

  private List<DirectoryEntry> lookUp(HttpServletRequest request, ServiceClient client) {
    FormFields query = FormFields.ofQuery(request);
    Set<String> names = query.names();
    if (names.equals(Set.of("userId"))) {
      return users.ofIds(
          List.of(UUID.fromString(query.required("userId", USER_ID))), client::mayKnow);
    }
    if (names.equals(Set.of("appid", "openid"))) {
      return users.ofIdentity(
          query.required("appid", WECHAT_ID), query.required("openid", WECHAT_ID), client::mayKnow);
    }
    if (names.equals(Set.of("unionid"))) {
      return users.ofUnionId(query.required("unionid", WECHAT_ID), client::mayKnow);
    }
    throw ApiException.of(
        ApiError.INVALID_REQUEST, "the query is none of userId=, appid=&openid=, unionid=");
  }

  private List<DirectoryEntry> find(HttpServletRequest request, ServiceClient client) {
    JsonFields fields = JsonFields.of(request);
    Optional<String> phone = fields.optional("phoneNumber", PHONE);
    Optional<String> country = fields.optional("countryCode", COUNTRY);
    Optional<List<String>> ids = fields.optionalTexts("userIds", USER_ID, MOST_IDS);
    fields.end();
    if (phone.isPresent() == ids.isPresent()) {
      throw ApiException.invalid("phoneNumber", "or userIds must be there, and not both");
    }
    if (ids.isPresent()) {
      return users.ofIds(ids.get().stream().map(UUID::fromString).toList(), client::mayKnow);
    }
    PhoneNumber number =
        PhoneNumber.written(phone.get(), country.orElse(""))
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        "phoneNumber", "is of another country: send its countryCode"));
    return users.ofPhone(number, client::mayKnow);
  }
}
