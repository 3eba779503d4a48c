package io.thirdsession.client;

import io.thirdsession.Secret;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Another service with one secret of its own; a service with two secrets is two of these.
 *
 * @param id its name, for the log
 * @param secretHash SHA-256 of its secret, 32 bytes
 * @param scopes what it may do
 * @param apps the apps whose users it may see; empty for all
 * @param cache for how long it may believe what introspection said of a live session; empty: until
 *     the session's end
 */
public record ServiceClient(
    String id, Secret secretHash, Set<Scope> scopes, Set<String> apps, Optional<Duration> cache) {
  /** Returns whether it may see users of this app. */
  public boolean mayKnow(String appId) {
    return apps.isEmpty() || apps.contains(appId);
  }

  /**
   * Throws if the client may see some apps only, for calls that say something of all of them.
   *
   * @throws ApiException {@code forbidden} if it may
   */
  public void requireAllApps() {
    if (!apps.isEmpty()) {
      throw ApiException.of(ApiError.FORBIDDEN, "client " + id + " must not be limited to apps");
    }
  }

  /**
   * Throws unless the client has this scope.
   *
   * @throws ApiException {@code forbidden} if it does not
   */
  public void require(Scope scope) {
    if (!scopes.contains(scope)) {
      throw ApiException.of(
          ApiError.FORBIDDEN, "client " + id + " must have the scope " + scope.label());
    }
  }
}
