package io.thirdsession.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The phone data made in the last 3 days, for checkencryptedmsg. Guarded by the World. */
final class EncryptedMessages {
  private static final Duration REMEMBERED = Duration.ofDays(3);

  private record Message(String appId, Instant madeAt) {}

  private final BoundedMap<Message> messages = new BoundedMap<>(20_000);

  /** Remembers both hashes: WeChat does not say whether it hashes the base64 text or the bytes. */
  void add(String appId, String encryptedData, Instant now) {
    Message message = new Message(appId, now);
    messages.put(hash(encryptedData.getBytes(StandardCharsets.US_ASCII)), message);
    messages.put(hash(Base64.getDecoder().decode(encryptedData)), message);
  }

  /**
   * Returns when this app's data with this hash was made, or empty if there is none to speak of.
   */
  Optional<Instant> madeAt(String appId, String hash, Instant now) {
    return messages
        .get(hash)
        .filter(message -> message.appId().equals(appId))
        .map(Message::madeAt)
        .filter(madeAt -> now.isBefore(madeAt.plus(REMEMBERED)));
  }

  void clear() {
    messages.clear();
  }

  private static String hash(byte[] data) {
    return HexFormat.of().formatHex(WeChatCrypto.sha256(data));
  }
}
