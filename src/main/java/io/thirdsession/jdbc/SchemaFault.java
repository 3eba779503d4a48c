package io.thirdsession.jdbc;

/**
 * The database was reached and is not one that this build can use: too old a server, another
 * schema, another key under a known id. The message is one line for the operator: what was found
 * and what is needed.
 */
public final class SchemaFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Part part;

  /** Says what is wrong with which part. */
  public SchemaFault(Part part, String message) {
    super(message);
    this.part = part;
  }

  /** Returns what is wrong. */
  public Part part() {
    return part;
  }

  /** Where the fault lies. */
  public enum Part {
    /** The server or its tables. */
    SCHEMA,
    /** The configuration does not fit what the database was used with. */
    CONFIGURATION
  }
}
