package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Mac;
import io.thirdsession.keys.Purpose;
import io.thirdsession.keys.RefusedValues;
import io.thirdsession.keys.UnsealException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether the row of an identity says what a login wrote there. Whoever may write to the
 * database, and has no master key, cannot make it the identity of another user, app, openid or
 * unionid. Thread-safe.
 */
public final class IdentityMacs {
  private final KeyRing keys;
  private final RefusedValues refused = new RefusedValues();

  /** Makes MACs with these keys. */
  public IdentityMacs(KeyRing keys) {
    this.keys = keys;
  }

  /**
   * Returns the MAC to store with this identity: HMAC-SHA-256 of {@code appid ‖ 0 ‖ openid ‖ 0 ‖
   * userId (16) ‖ unionid} under the active master key.
   */
  Mac of(Identity identity) {
    return keys.macWithKey(Purpose.IDENTITY, message(identity));
  }

  /**
   * Returns whether this is what a login wrote. If not, a warning is in the log, and the identity
   * must be treated as nobody's.
   *
   * @param mac what is stored with it
   */
  public boolean isGenuine(Identity identity, Mac mac) {
    try {
      byte[] expected = keys.mac(Purpose.IDENTITY, mac.keyId(), message(identity));
      if (mac.value().equals(Secret.of(expected))) {
        return true;
      }
      refused.tell(
          "identity", identity.id(), "mac", "its user, app, openid or unionid was changed");
    } catch (UnsealException e) {
      refused.tell("identity", identity.id(), "mac", e);
    }
    return false;
  }

  private static byte[] message(Identity identity) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(identity.appId().getBytes(StandardCharsets.UTF_8));
    message.write(0);
    message.writeBytes(identity.openId().getBytes(StandardCharsets.UTF_8));
    message.write(0);
    message.writeBytes(Uuid7.bytes(identity.userId()));
    message.writeBytes(identity.unionId().orElse("").getBytes(StandardCharsets.UTF_8));
    return message.toByteArray();
  }
}
