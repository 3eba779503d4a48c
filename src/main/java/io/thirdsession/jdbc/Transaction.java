package io.thirdsession.jdbc;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, for as long as the unit of work runs. Not thread-safe. */
public final class Transaction implements Queries {
  private final Connection connection;

  Transaction(Connection connection) {
    this.connection = connection;
  }

  @Override
  public <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet results = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      Row row = new Row(results);
      while (results.next()) {
        rows.add(mapper.map(row));
      }
      return rows;
    } catch (SQLException e) {
      throw StorageException.of(e);
    }
  }

  @Override
  public int update(String sql, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw StorageException.of(e);
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, bound(parameters[i]));
    }
    return statement;
  }

  private static @Nullable Object bound(@Nullable Object parameter) {
    if (parameter instanceof Optional<?> optional) {
      return bound(optional.orElse(null));
    }
    if (parameter instanceof Secret secret) {
      return secret.bytes();
    }
    if (parameter instanceof UUID id) {
      return Uuid7.bytes(id);
    }
    if (parameter instanceof Instant time) {
      return time.toEpochMilli();
    }
    return parameter;
  }
}
