package io.thirdsession.jdbc;

import io.thirdsession.Secret;

/**
 * How to reach the database.
 *
 * @param url JDBC URL, {@code jdbc:mysql://host:3306/database}; what it sets itself is kept
 * @param user who reads and writes
 * @param password theirs
 * @param poolSize connections for single statements
 * @param transactionPoolSize connections, and threads, for units of work
 * @param migrate whether to apply {@code sql/} at start
 * @param migrateUser who applies it
 * @param migratePassword theirs
 */
public record DatabaseSettings(
    String url,
    String user,
    Secret password,
    int poolSize,
    int transactionPoolSize,
    boolean migrate,
    String migrateUser,
    Secret migratePassword) {

  /** Returns these settings with another password for migrations. */
  DatabaseSettings withMigratePassword(Secret other) {
    return new DatabaseSettings(
        url, user, password, poolSize, transactionPoolSize, migrate, migrateUser, other);
  }
}
