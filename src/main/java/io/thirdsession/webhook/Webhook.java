package io.thirdsession.webhook;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.event.EventType;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A URL that is told of events.
 *
 * @param secrets each signs; the receiver may know any of them. 24 to 64 bytes
 * @param types of the events; empty: all
 */
public record Webhook(URI url, List<Secret> secrets, Set<EventType> types) {
  /** Returns by what it is known in the database: 16 bytes of the URL's SHA-256. */
  UUID id() {
    ByteBuffer hash = ByteBuffer.wrap(DigestUtils.sha256(url.toString()), 0, Uuid7.LENGTH);
    return new UUID(hash.getLong(), hash.getLong());
  }

  /** Returns by what it is known in the log and in metrics, where its path might be a secret. */
  public String host() {
    return url.getHost();
  }

  boolean wants(EventType type) {
    return types.isEmpty() || types.contains(type);
  }
}
