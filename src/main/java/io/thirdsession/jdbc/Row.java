package io.thirdsession.jdbc;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The current row of a result, read as our types. */
public final class Row {
  private final ResultSet results;

  Row(ResultSet results) {
    this.results = results;
  }

  /** Returns the string in a column that is never null. */
  public String text(String column) throws SQLException {
    return results.getString(column);
  }

  /** Returns the string, or empty for null. */
  public Optional<String> optionalText(String column) throws SQLException {
    return Optional.ofNullable(results.getString(column));
  }

  /** Returns the number in a column that is never null. */
  public int integer(String column) throws SQLException {
    return results.getInt(column);
  }

  /** Returns the number in a column that is never null. */
  public long number(String column) throws SQLException {
    return results.getLong(column);
  }

  /** Returns the bytes in a column that is never null. */
  public byte[] bytes(String column) throws SQLException {
    return results.getBytes(column);
  }

  /** Returns the secret bytes in a column that is never null. */
  public Secret secret(String column) throws SQLException {
    return Secret.of(results.getBytes(column));
  }

  /** Returns the secret bytes, or empty for null. */
  public Optional<Secret> optionalSecret(String column) throws SQLException {
    return Optional.ofNullable(results.getBytes(column)).map(Secret::of);
  }

  /** Returns the id in a column of 16 bytes that is never null. */
  public UUID id(String column) throws SQLException {
    return Uuid7.of(results.getBytes(column));
  }

  /** Returns the id, or empty for null. */
  public Optional<UUID> optionalId(String column) throws SQLException {
    return Optional.ofNullable(results.getBytes(column)).map(Uuid7::of);
  }

  /** Returns the time in a column of milliseconds that is never null. */
  public Instant time(String column) throws SQLException {
    return Instant.ofEpochMilli(results.getLong(column));
  }

  /** Returns the time, or empty for null. */
  public Optional<Instant> optionalTime(String column) throws SQLException {
    @Nullable Long millis = results.getObject(column, Long.class);
    return Optional.ofNullable(millis).map(Instant::ofEpochMilli);
  }

  /*
   * The same by position, from 1, for what is read most: by name the driver makes a map of the names
   * for every result.
   */

  /** Returns the string in a column that is never null. */
  public String text(int column) throws SQLException {
    return results.getString(column);
  }

  /** Returns the string, or empty for null. */
  public Optional<String> optionalText(int column) throws SQLException {
    return Optional.ofNullable(results.getString(column));
  }

  /** Returns the secret bytes in a column that is never null. */
  public Secret secret(int column) throws SQLException {
    return Secret.of(results.getBytes(column));
  }

  /** Returns the id in a column of 16 bytes that is never null. */
  public UUID id(int column) throws SQLException {
    return Uuid7.of(results.getBytes(column));
  }

  /** Returns the time in a column of milliseconds that is never null. */
  public Instant time(int column) throws SQLException {
    return Instant.ofEpochMilli(results.getLong(column));
  }

  /** Makes a value from a row. */
  @FunctionalInterface
  public interface Mapper<T> {
    /** Returns the value made from this row. */
    T map(Row row) throws SQLException;
  }
}
