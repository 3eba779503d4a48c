package io.thirdsession.keys;

import static io.thirdsession.jdbc.SchemaFault.Part.CONFIGURATION;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.SchemaFault;
import io.thirdsession.jdbc.StorageException;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Compares the master keys with those that the database was used with, for each of which it stores
 * the id and a value derived from the key. So a typo in MASTER_KEYS stops the application from
 * starting instead of making every sealed value unreadable.
 */
public final class MasterKeyRegistry {
  private static final String FIND = "SELECT key_check FROM master_key WHERE id = ?";
  private static final String INSERT = "INSERT INTO master_key (id, key_check) VALUES (?, ?)";
  private static final byte[] MESSAGE = {};

  private MasterKeyRegistry() {}

  /**
   * Compares every key of the ring with what is registered under its id, and registers new ones.
   *
   * @throws SchemaFault if a different key is registered under an id
   */
  public static void check(KeyRing keys, Queries queries) {
    for (String id : keys.ids()) {
      byte[] check = keys.mac(Purpose.MASTER_KEY_CHECK, id, MESSAGE);
      Optional<byte[]> known = find(queries, id);
      if (known.isEmpty()) {
        try {
          queries.update(INSERT, id, check);
          continue;
        } catch (StorageException.DuplicateKey e) {
          known = find(queries, id); // another node registered it first
        }
      }
      if (!MessageDigest.isEqual(known.orElseThrow(), check)) {
        throw new SchemaFault(
            CONFIGURATION,
            "MASTER_KEYS: key " + id + " is not the one that this database was used with");
      }
    }
  }

  private static Optional<byte[]> find(Queries queries, String id) {
    return queries.first(FIND, row -> row.bytes("key_check"), id);
  }
}
