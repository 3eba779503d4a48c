package io.thirdsession.jdbc;

/**
 * Whether logins and checks can be served now, and what is missing.
 *
 * @param database {@code ok}; {@code away} while the server does not answer; {@code refused} while
 *     it answers but refuses connections; {@code read_only} while it cannot write
 * @param schema {@code ok}, {@code unknown} until the database has been reached, or {@code wrong}
 * @param configuration the same, for whether our configuration fits what the database was used with
 */
public record Readiness(String database, String schema, String configuration) {
  static final String OK = "ok";
  static final String AWAY = "away";
  static final String REFUSED = "refused";
  static final String READ_ONLY = "read_only";
  static final String UNKNOWN = "unknown";
  static final String WRONG = "wrong";

  /** Returns the same, but that this node's configuration is wrong. */
  public Readiness withWrongConfiguration() {
    return new Readiness(database, schema, WRONG);
  }

  /** Returns whether all three are {@code ok}. */
  public boolean ready() {
    return database.equals(OK) && schema.equals(OK) && configuration.equals(OK);
  }
}
