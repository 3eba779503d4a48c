package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.ExternalId;
import io.thirdsession.user.UserDirectory;
import io.thirdsession.user.UserPage;
import io.thirdsession.wechat.PhoneNumber;
import io.thirdsession.wechat.WeChatId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code GET /api/users?userId=}, {@code ?appid=&openid=}, {@code ?unionid=}, {@code ?externalId=};
 * {@code POST /api/users/find}: looks users up. {@code GET /api/users?before=&limit=}: the newest,
 * page by page. A phone number is accepted only in a body, never in a URL.
 */
public final class UserLookupServlet extends ApiServlet {
  private static final String FIND = "/api/users/find";
  private static final int MAX_IDS = 100;
  private static final Pattern USER_ID = Pattern.compile(Uuid7.TEXT);

  private final ClientAuthenticator clients;
  private final UserDirectory users;

  public UserLookupServlet(Responder responder, ClientAuthenticator clients, UserDirectory users) {
    super(responder, "GET", "HEAD", "POST");
    this.clients = clients;
    this.users = users;
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    return request.getServletPath().equals(FIND) ? List.of("POST") : List.of("GET", "HEAD");
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.USERS);
    UserPage found =
        request.getMethod().equals("POST")
            ? whole(find(request, client))
            : read(FormFields.ofQuery(request), client);
    String baseUrl = RequestFacts.of(request).baseUrl();
    return Response.json(
        new Found(
            found.entries().stream().map(entry -> BackendUser.of(entry, client, baseUrl)).toList(),
            found.next()));
  }

  private UserPage read(FormFields query, ServiceClient client) {
    if (!PageQuery.isNamed(query.names())) {
      return whole(lookUp(query, client));
    }
    PageQuery page = PageQuery.of(query);
    return users.newest(page.before(), page.limit(), client::mayKnow);
  }

  private static UserPage whole(List<DirectoryEntry> found) {
    return new UserPage(found, Optional.empty());
  }

  private List<DirectoryEntry> lookUp(FormFields query, ServiceClient client) {
    Set<String> names = query.names();
    if (names.equals(Set.of("userId"))) {
      return users.ofIds(
          List.of(UUID.fromString(query.required("userId", USER_ID))), client::mayKnow);
    }
    if (names.equals(Set.of("appid", "openid"))) {
      return users.ofIdentity(
          query.required("appid", WeChatId.PATTERN),
          query.required("openid", WeChatId.PATTERN),
          client::mayKnow);
    }
    if (names.equals(Set.of("unionid"))) {
      return users.ofUnionId(query.required("unionid", WeChatId.PATTERN), client::mayKnow);
    }
    if (names.equals(Set.of("externalId"))) {
      return users.ofExternalId(query.required("externalId", ExternalId.PATTERN), client::mayKnow);
    }
    throw ApiException.of(
        ApiError.INVALID_REQUEST,
        "the query must be userId=, appid=&openid=, unionid=, externalId=, or before= and limit=");
  }

  private List<DirectoryEntry> find(HttpServletRequest request, ServiceClient client) {
    JsonFields fields = JsonFields.of(request);
    Optional<String> phone = fields.optional("phoneNumber", PhoneNumber.PHONE_NUMBER);
    Optional<String> country = fields.optional("countryCode", PhoneNumber.COUNTRY_CODE);
    Optional<List<String>> ids = fields.optionalStrings("userIds", USER_ID, MAX_IDS);
    fields.end();
    if (phone.isPresent() == ids.isPresent()) {
      throw ApiException.invalid("phoneNumber", "or userIds must be given, and not both");
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

  private record Found(List<BackendUser> users, Optional<UUID> next) {}
}
