package io.thirdsession.jdbc;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * Why a connection could not be opened: the kind of fault, the driver's message, and a cure where
 * one is known. Error codes are MySQL's; MariaDB's are named where they differ.
 *
 * @param kind whether the server is unreachable, refuses us for now, cannot write, or something
 *     must be changed first
 * @param reason one line: SQLState, code and the message of driver or server; contains no password
 *     and no URL
 * @param cure what to change; empty if only waiting helps
 */
record ConnectionFault(Kind kind, String reason, Optional<String> cure) {
  private static final int MAX_REASON_LENGTH = 300;
  private static final int MAX_CAUSES = 10;

  private static final String GRANT =
      "grant DB_USER (or MIGRATE_USER) its rights on the database that DB_URL names";

  /**
   * Codes of faults that persist until somebody changes our configuration or the account, with
   * their cures.
   */
  private static final Map<Integer, String> WRONG =
      Map.ofEntries(
          Map.entry(1044, GRANT),
          Map.entry(1045, "check the name and the password of DB_USER (or MIGRATE_USER)"),
          Map.entry(1049, "create the database that DB_URL names"),
          Map.entry(1130, "create the account for the host that this server connects from"),
          Map.entry(
              1142, "grant DB_USER SELECT, INSERT, UPDATE and DELETE on the database's tables"),
          Map.entry(
              1193,
              "let the proxy in front of the database announce the version of the server behind it;"
                  + " ProxySQL calls that mysql-server_version"),
          Map.entry(1251, "create the account with caching_sha2_password"),
          Map.entry(1698, "the account logs in by its operating system's user: give it a password"),
          Map.entry(1820, "give the account a new password: the present one has expired"),
          Map.entry(1862, "give the account a new password: the present one has expired"),
          Map.entry(
              3159, "the server takes encrypted connections only: sslMode=REQUIRED in DB_URL"));

  private static final String NO_ROOM = "free space on the database's disk";

  /**
   * Codes of the server's own limits and locks, which can end without a change of ours, with their
   * cures. 4151 is MariaDB's equivalent of 3118.
   */
  private static final Map<Integer, String> REFUSED =
      Map.of(
          1021,
          NO_ROOM,
          1114,
          NO_ROOM,
          1040,
          "raise max_connections, or lower DB_POOL_SIZE and DB_TX_POOL_SIZE on every node",
          1129,
          "FLUSH HOSTS on the server, and find out whose connections broke off",
          1203,
          "raise max_user_connections, or lower DB_POOL_SIZE and DB_TX_POOL_SIZE",
          1226,
          "raise the account's limit, or lower DB_POOL_SIZE and DB_TX_POOL_SIZE",
          3098,
          "single-primary mode, or group_replication_enforce_update_everywhere_checks=OFF",
          3118,
          "ALTER USER … ACCOUNT UNLOCK",
          4151,
          "ALTER USER … ACCOUNT UNLOCK");

  private static final String READ_ONLY =
      "read_only=OFF on the server, or name the one that can write in DB_URL, best all of them";

  /**
   * Without TLS, {@code caching_sha2_password} needs the server's public key, which the driver does
   * not fetch unless allowed to.
   */
  private static final String PUBLIC_KEY = "Public Key Retrieval is not allowed";

  /** Returns what this failure to connect means. */
  static ConnectionFault of(SQLException e) {
    SQLException told = innermost(e);
    String reason = reason(told);
    int code = told.getErrorCode();
    if (reason.contains(PUBLIC_KEY)) {
      return wrong(reason, "add allowPublicKeyRetrieval=true to DB_URL, or sslMode=REQUIRED");
    }
    if (SqlFault.of(told) == SqlFault.CANNOT_WRITE) {
      return new ConnectionFault(Kind.READ_ONLY, reason, Optional.of(READ_ONLY));
    }
    if (WRONG.containsKey(code)) {
      return wrong(reason, WRONG.get(code));
    }
    if (REFUSED.containsKey(code)) {
      return new ConnectionFault(Kind.REFUSED, reason, Optional.ofNullable(REFUSED.get(code)));
    }
    if (code != 0 && !String.valueOf(told.getSQLState()).startsWith("08")) {
      return new ConnectionFault(Kind.REFUSED, reason, Optional.empty());
    }
    boolean unknownHost = root(told) instanceof UnknownHostException;
    return new ConnectionFault(
        Kind.AWAY,
        reason,
        unknownHost ? Optional.of("no such host: check DB_URL and DNS") : Optional.empty());
  }

  /** Returns a fault that waiting does not cure. */
  static ConnectionFault wrong(String reason, String cure) {
    return new ConnectionFault(Kind.WRONG, reason, Optional.of(cure));
  }

  /** Returns reason and cure in one line. */
  String line() {
    return reason + cure.map(it -> "; cure: " + it).orElse("");
  }

  /** Returns what the driver threw, which the pool wraps. */
  private static SQLException innermost(SQLException e) {
    SQLException told = e;
    Throwable cause = e;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof SQLException inner) {
        told = inner;
      }
      cause = cause.getCause();
    }
    return told;
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    for (int i = 0; i < MAX_CAUSES && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root;
  }

  private static String reason(SQLException e) {
    String message = firstLine(e);
    Throwable root = root(e);
    if (root != e) {
      message += " (" + root.getClass().getSimpleName() + ": " + firstLine(root) + ")";
    }
    String line =
        "sqlState=%s code=%d message=\"%s\""
            .formatted(e.getSQLState(), e.getErrorCode(), message.replace('"', '\''));
    return line.length() <= MAX_REASON_LENGTH ? line : line.substring(0, MAX_REASON_LENGTH);
  }

  /**
   * Returns the first line of the message. A message that quotes DB_URL, which may contain secrets,
   * is replaced with a fixed one.
   */
  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage()).strip();
    boolean quotesUrl = message.contains("jdbc:") || message.contains("connection string");
    return quotesUrl ? "DB_URL is malformed" : message.lines().findFirst().orElse("").strip();
  }

  /** The kinds of fault. */
  enum Kind {
    /** The server does not answer. */
    AWAY,
    /** The server answers but refuses our connections for now. */
    REFUSED,
    /** The server answers but writes nothing. */
    READ_ONLY,
    /** The server, our configuration or our account must be changed first. */
    WRONG
  }
}
