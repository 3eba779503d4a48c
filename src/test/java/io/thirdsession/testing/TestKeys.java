package io.thirdsession.testing;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.MasterKey;
import io.thirdsession.keys.Purpose;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/** Master keys for tests: always the same bytes under the same id. */
public final class TestKeys {
  private TestKeys() {}

  public static MasterKey masterKey(String id) {
    return new MasterKey(id, Secret.of(DigestUtils.sha256("test master key " + id)));
  }

  public static KeyRing ring(String... ids) {
    List<MasterKey> keys = Arrays.stream(ids).map(TestKeys::masterKey).toList();
    return new KeyRing(keys, new SecureRandom());
  }

  /** Returns what the database keeps of this token, whose tag is under k1. */
  public static byte[] secretHash(String token, UUID userId, UUID identityId) {
    byte[] whole = Base64.getUrlDecoder().decode(token.substring("3rd_".length()));
    byte[] message =
        ByteBuffer.allocate(64)
            .put(whole, 16, 32)
            .put(Uuid7.bytes(userId))
            .put(Uuid7.bytes(identityId))
            .array();
    return ring("k1").mac(Purpose.SESSION, "k1", message);
  }

  /** Returns the value of MASTER_KEYS for these ids. */
  public static String setting(String... ids) {
    List<String> entries =
        Arrays.stream(ids)
            .map(
                id -> id + ":" + Base64.getEncoder().encodeToString(masterKey(id).secret().bytes()))
            .toList();
    return String.join(",", entries);
  }
}
