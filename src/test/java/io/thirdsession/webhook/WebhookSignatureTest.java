package io.thirdsession.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.Secret;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
  private static final Secret SECRET =
      Secret.of(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1_614_265_330L, 999_000_000);
  private static final String BODY = "{\"test\": 2432232314}";

  /** The example that the libraries of Standard Webhooks are tested with. */
  @Test
  void isThatOfStandardWebhooks() {
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.of(List.of(SECRET), ID, AT, BODY));
  }

  @Test
  void hasOnePartForEachSecret() {
    Secret other = Secret.of(new byte[24]);

    assertEquals(
        WebhookSignature.of(List.of(other), ID, AT, BODY)
            + " "
            + WebhookSignature.of(List.of(SECRET), ID, AT, BODY),
        WebhookSignature.of(List.of(other, SECRET), ID, AT, BODY));
  }
}
