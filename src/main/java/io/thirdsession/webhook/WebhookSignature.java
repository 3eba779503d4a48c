package io.thirdsession.webhook;

import static org.apache.commons.codec.digest.HmacAlgorithms.HMAC_SHA_256;

import io.thirdsession.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.HmacUtils;

/** Signs a message (Standard Webhooks, "Signature scheme"). */
final class WebhookSignature {
  private WebhookSignature() {}

  /**
   * Returns the value of {@code webhook-signature}: for each secret {@code v1,} and the base64 of
   * HMAC-SHA-256 over id, timestamp and body, joined by dots; separated by blanks.
   */
  static String of(List<Secret> secrets, String id, Instant at, String body) {
    byte[] message = (id + '.' + at.getEpochSecond() + '.' + body).getBytes(StandardCharsets.UTF_8);
    return secrets.stream()
        .map(
            secret ->
                "v1,"
                    + Base64.getEncoder()
                        .encodeToString(new HmacUtils(HMAC_SHA_256, secret.bytes()).hmac(message)))
        .collect(Collectors.joining(" "));
  }
}
