package io.thirdsession.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Statements on the database. {@link Jdbc} runs each on a connection of its own and commits it;
 * {@link Transaction} runs all on one. A parameter may be a string, a number, bytes, a {@code
 * Secret} (bound as its bytes), a {@code UUID} (bound as 16 bytes), an {@code Instant} (bound as
 * milliseconds), an {@code Optional} of those, or null.
 */
public interface Queries {
  /**
   * Runs a query and returns what the mapper makes of each row.
   *
   * @throws StorageException if the database is unreachable or rejects the statement
   */
  <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters);

  /**
   * Runs a statement and returns how many rows it affected. For an UPDATE these are all rows found,
   * even those that already had the new values.
   *
   * @throws StorageException.DuplicateKey if a unique key already has the value
   * @throws StorageException if the database is unreachable or rejects the statement
   */
  int update(String sql, Object... parameters);

  /**
   * Runs a query and returns what the mapper makes of the first row; empty if there is none.
   *
   * @throws StorageException if the database is unreachable or rejects the statement
   */
  default <T> Optional<T> first(String sql, Row.Mapper<T> mapper, Object... parameters) {
    return list(sql, mapper, parameters).stream().findFirst();
  }

  /**
   * Inserts all of these, with statements of 1, 2, 4, 8, … rows: few different ones are prepared.
   *
   * @param sql with {@code %s} where the rows go
   * @param row the parameter marks of one row, in parentheses
   * @param values adds the parameters of one row
   * @throws StorageException.DuplicateKey if a unique key already has a value
   * @throws StorageException if the database is unreachable or rejects a statement
   */
  default <T> void insertAll(
      String sql, String row, List<T> all, BiConsumer<List<Object>, ? super T> values) {
    int from = 0;
    while (from < all.size()) {
      int count = Integer.highestOneBit(all.size() - from);
      List<Object> parameters = new ArrayList<>();
      all.subList(from, from + count).forEach(one -> values.accept(parameters, one));
      String rows = String.join(", ", Collections.nCopies(count, row));
      update(sql.formatted(rows), parameters.toArray());
      from += count;
    }
  }

  /** Returns {@code count} parameter marks, separated by commas, for the parentheses of an IN. */
  static String marks(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /**
   * Returns these and the last of them repeated, until there are 1, 2, 4, 8, … of them. For an IN
   * whose length varies: few different statements are prepared.
   *
   * @param parameters at least one
   */
  static <T> List<T> padded(Collection<T> parameters) {
    List<T> padded = new ArrayList<>(parameters);
    T last = padded.get(padded.size() - 1);
    while (Integer.bitCount(padded.size()) > 1) {
      padded.add(last);
    }
    return padded;
  }
}
