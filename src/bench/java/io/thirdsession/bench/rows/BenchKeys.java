package io.thirdsession.bench.rows;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Mac;
import io.thirdsession.keys.MasterKey;
import io.thirdsession.keys.Purpose;
import io.thirdsession.session.SessionTokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A master key drawn for this run, and what the server would make with it. */
public final class BenchKeys {
  /** The one mini program. */
  public static final String APP = "wxbench0000000001";

  private static final String ID = "bench";
  private static final int FINGERPRINT_LENGTH = 16;

  private final MasterKey master;
  private final KeyRing ring;
  private final SessionTokens tokens;

  /** Draws a key. */
  public BenchKeys() {
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[MasterKey.LENGTH];
    random.nextBytes(bytes);
    this.master = new MasterKey(ID, Secret.of(bytes));
    this.ring = new KeyRing(List.of(master), random);
    this.tokens = new SessionTokens(ring, random);
  }

  /** Returns the value of MASTER_KEYS. */
  public String setting() {
    return ID + ":" + Base64.getEncoder().encodeToString(master.secret().bytes());
  }

  public SessionTokens tokens() {
    return tokens;
  }

  public KeyRing ring() {
    return ring;
  }

  /** Returns the column {@code secret_hash} of the session with this token. */
  byte[] secretHash(String token, UUID userId, UUID identityId) {
    byte[] whole = Base64.getUrlDecoder().decode(token.substring("3rd_".length()));
    byte[] message =
        ByteBuffer.allocate(MasterKey.LENGTH + 2 * Uuid7.LENGTH)
            .put(whole, Uuid7.LENGTH, MasterKey.LENGTH)
            .put(Uuid7.bytes(userId))
            .put(Uuid7.bytes(identityId))
            .array();
    return ring.mac(Purpose.SESSION, ID, message);
  }

  /** Returns the columns {@code mac_key} and {@code mac} of an identity without unionid. */
  Mac identityMac(String openId, UUID userId) {
    byte[] text = (APP + "\0" + openId + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] message =
        ByteBuffer.allocate(text.length + Uuid7.LENGTH).put(text).put(Uuid7.bytes(userId)).array();
    return ring.macWithKey(Purpose.IDENTITY, message);
  }

  /** Returns the column {@code key_sealed}. */
  byte[] sealed(byte[] sessionKey, String openId) {
    return ring.seal(Purpose.SESSION_KEY, sessionKey, APP, openId);
  }

  /** Returns the column {@code key_fingerprint}. */
  byte[] fingerprint(byte[] sessionKey) {
    return Arrays.copyOf(
        ring.mac(Purpose.SESSION_KEY_FINGERPRINT, ID, sessionKey), FINGERPRINT_LENGTH);
  }
}
