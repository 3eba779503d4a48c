package io.thirdsession.jdbc;

/**
 * Thrown if this build cannot use the database as it is: the server is too old, the schema has the
 * wrong version, the account is refused, or a master key differs from the one used before. The
 * message is one line for the operator: what was found and what is needed.
 */
public final class SchemaFault extends RuntimeException {
  private final Part part;

  /** Makes a fault of this part, with a line for the operator. */
  public SchemaFault(Part part, String message) {
    super(message);
    this.part = part;
  }

  /** Returns the part that is wrong. */
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
