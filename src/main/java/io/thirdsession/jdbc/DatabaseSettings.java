package io.thirdsession.jdbc;

import io.thirdsession.Secret;

/**
 * How to reach the database.
 *
 * @param url JDBC URL, {@code jdbc:mysql://host:3306/database}, which may list hosts; options that
 *     it sets are kept
 * @param user the account that reads and writes
 * @param password the password of {@code user}
 * @param poolSize connections for single statements
 * @param transactionPoolSize connections, and threads, for units of work
 * @param migrate whether to apply the files of {@code sql/} at start
 * @param migrateUser the account that applies them
 * @param migratePassword the password of {@code migrateUser}
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

  /** Returns these settings with another URL, and another password for migrations. */
  DatabaseSettings withMigrations(String otherUrl, Secret otherPassword) {
    return new DatabaseSettings(
        otherUrl,
        user,
        password,
        poolSize,
        transactionPoolSize,
        migrate,
        migrateUser,
        otherPassword);
  }
}
