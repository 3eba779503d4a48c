package io.thirdsession.jdbc;

import com.mysql.cj.jdbc.Driver;
import io.thirdsession.Secret;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One of the servers that DB_URL names.
 *
 * @param url the JDBC URL of this server alone, with the operator's options
 */
record Member(String url) {
  /** Of all servers, {@code super_read_only} of MySQL sets this one too. */
  private static final String ASK = "SELECT @@read_only, @@innodb_read_only";

  /** Returns the servers that this URL names, in its order. */
  static List<Member> of(String url) {
    return ConnectionUrl.perHost(url).stream().map(Member::new).toList();
  }

  /**
   * Opens a connection. No step of that takes longer than connecting may, so a server that hangs is
   * given up soon; only the statements that follow have the longer {@code socketTimeout}.
   */
  Connection open(String user, Secret password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password.text());
    String pooled = ConnectionUrl.pooled(url);
    @Nullable Connection connection = new Driver().connect(ConnectionUrl.opening(pooled), login);
    if (connection == null) {
      throw new SQLException("DB_URL is not one that the driver knows", "42000");
    }
    OptionalInt socketTimeout = ConnectionUrl.socketTimeoutMillis(pooled);
    if (socketTimeout.isPresent()) {
      connection.setNetworkTimeout(Runnable::run, socketTimeout.getAsInt());
    }
    return connection;
  }

  /** Asks a server whether it accepts writes. */
  static boolean canWrite(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(ASK)) {
      answer.next();
      return isOff(answer.getString(1)) && isOff(answer.getString(2));
    }
  }

  private static boolean isOff(String value) {
    return value.equals("0") || value.equalsIgnoreCase("OFF");
  }
}
