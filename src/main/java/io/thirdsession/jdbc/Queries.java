package io.thirdsession.jdbc;

import java.util.List;
import java.util.Optional;

/**
 * Statements on the database. {@link Jdbc} runs each on a connection of its own and commits it;
 * {@link Transaction} runs all on one. A parameter may be a text, a number, bytes, a {@code Secret}
 * (bound as its bytes), a {@code UUID} (bound as 16 bytes), an {@code Instant} (bound as
 * milliseconds), an {@code Optional} of those, or null.
 */
public interface Queries {
  /**
   * Returns what the mapper makes of each row.
   *
   * @throws StorageException if the database is away or refuses
   */
  <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters);

  /**
   * Returns how many rows were changed, or found unchanged by an UPDATE: the driver reports rows
   * found.
   *
   * @throws StorageException.DuplicateKey if a unique key holds the value already
   * @throws StorageException.MissingParent if the row that the new one refers to is gone
   * @throws StorageException if the database is away or refuses
   */
  int update(String sql, Object... parameters);

  /**
   * Returns what the mapper makes of the first row, or empty if there is none.
   *
   * @throws StorageException if the database is away or refuses
   */
  default <T> Optional<T> first(String sql, Row.Mapper<T> mapper, Object... parameters) {
    return list(sql, mapper, parameters).stream().findFirst();
  }
}
