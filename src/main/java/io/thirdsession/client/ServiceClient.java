package io.thirdsession.client;

import io.thirdsession.Secret;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.util.Set;

/**
 * Another service, by one secret of its; one with two secrets stands here twice.
 *
 * @param id its name, for the log
 * @param secretHash SHA-256 of its secret, 32 bytes
 * @param scopes what it may do
 * @param apps whose users it may know of; empty for all
 */
public record ServiceClient(String id, Secret secretHash, Set<Scope> scopes, Set<String> apps) {
  /** Returns whether it may know of users of this app. */
  public boolean mayKnow(String appId) {
    return apps.isEmpty() || apps.contains(appId);
  }

  /**
   * Goes through if it may do this.
   *
   * @throws ApiException {@code forbidden} if not
   */
  public void require(Scope scope) {
    if (!scopes.contains(scope)) {
      throw ApiException.of(
          ApiError.FORBIDDEN, "client " + id + " has not the scope " + scope.label());
    }
  }
}
