package io.thirdsession.testing;

import io.thirdsession.Secret;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.MasterKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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
