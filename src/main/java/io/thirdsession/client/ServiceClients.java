package io.thirdsession.client;

import io.thirdsession.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;

/** Finds service clients in SERVICE_CLIENTS as currently configured. Thread-safe. */
public final class ServiceClients {
  /** Shorter secrets could be guessed and are refused, whatever their hash. */
  private static final int MIN_SECRET_LENGTH = 16;

  private final Supplier<List<ServiceClient>> configured;

  /** Makes a finder of the clients that this supplier currently returns. */
  public ServiceClients(Supplier<List<ServiceClient>> configured) {
    this.configured = configured;
  }

  /** Returns the client with this id and secret; the time taken does not reveal which was wrong. */
  public Optional<ServiceClient> find(String id, String secret) {
    return find(secret, client -> client.id().equals(id));
  }

  /** Returns the client with this secret and scope, whatever its id. */
  public Optional<ServiceClient> findBySecret(String secret, Scope scope) {
    return find(secret, client -> client.scopes().contains(scope));
  }

  private Optional<ServiceClient> find(String secret, Predicate<ServiceClient> meant) {
    Secret hash = Secret.of(DigestUtils.sha256(secret.getBytes(StandardCharsets.UTF_8)));
    Optional<ServiceClient> found = Optional.empty();
    for (ServiceClient client : configured.get()) {
      boolean same = client.secretHash().equals(hash); // compared for every client
      if (same && meant.test(client) && secret.length() >= MIN_SECRET_LENGTH) {
        found = Optional.of(client);
      }
    }
    return found;
  }
}
