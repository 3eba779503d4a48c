package io.thirdsession.jdbc;

/**
 * Whether logins and checks can be served now, and what is missing.
 *
 * @param database {@code ok} or {@code away}
 * @param schema {@code ok}, {@code unknown} while the database was never reached, or {@code wrong}
 * @param configuration the same, for what the database knows of our configuration
 */
public record Readiness(String database, String schema, String configuration) {
  static final String OK = "ok";
  static final String AWAY = "away";
  static final String UNKNOWN = "unknown";
  static final String WRONG = "wrong";

  /** Returns whether nothing is missing. */
  public boolean ready() {
    return database.equals(OK) && schema.equals(OK) && configuration.equals(OK);
  }
}
