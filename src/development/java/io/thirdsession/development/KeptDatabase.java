package io.thirdsession.development;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The database that {@code mvn jetty:run} keeps between runs. */
final class KeptDatabase {
  private KeptDatabase() {}

  /**
   * Goes through if the server can use what is there: nothing yet, or tables that these files of
   * {@code sql/} made, all or the first of them. Until the first release the files are edited in
   * place, and tables of an older edition cannot be brought up.
   *
   * @throws IllegalStateException with a message of one line for the console if it cannot
   */
  static void requireThisEdition(String url, String user, String password) {
    boolean fits;
    try {
      fits =
          Flyway.configure(KeptDatabase.class.getClassLoader())
              .dataSource(url, user, password)
              .locations("classpath:sql")
              .ignoreMigrationPatterns("*:pending")
              .loggers("slf4j")
              .load()
              .validateWithResult()
              .validationSuccessful;
    } catch (FlywayException e) {
      throw new IllegalStateException(
          "sql/ cannot be compared with the database that is kept: mvn clean makes both anew", e);
    }
    if (!fits) {
      throw new IllegalStateException(
          "the database in target/dev was made by another edition of sql/: empty target/dev"
              + " (its users and keys go with it)");
    }
  }
}
