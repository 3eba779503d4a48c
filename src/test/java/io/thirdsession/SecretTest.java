package io.thirdsession;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SecretTest {

  @Test
  void printsAsRedacted() {
    assertEquals("[REDACTED]", Secret.of("canary").toString());
    assertEquals("[REDACTED]", String.valueOf(Secret.of(new byte[] {1, 2})));
  }

  @Test
  void keepsACopyOfWhatItWasGiven() {
    byte[] bytes = {1, 2, 3};
    Secret secret = Secret.of(bytes);

    bytes[0] = 9;
    secret.bytes()[1] = 9;

    assertArrayEquals(new byte[] {1, 2, 3}, secret.bytes());
  }

  @Test
  void equalsByContent() {
    assertEquals(Secret.of("same"), Secret.of("same"));
    assertNotEquals(Secret.of("same"), Secret.of("samf"));
    assertNotEquals(Secret.of("same"), Secret.of("same "));
  }
}
