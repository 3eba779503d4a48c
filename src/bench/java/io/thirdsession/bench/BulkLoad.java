package io.thirdsession.bench;

import io.thirdsession.bench.machine.DatabaseServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Another application on the same database server: one transaction of a million rows. */
final class BulkLoad {
  private static final String SCHEMA = "thirdsession_bench_stranger";

  private static final String FILL =
      """
      INSERT INTO bulk (id, text)
      SELECT a.n + 1000 * b.n, REPEAT('x', 50) FROM digits a CROSS JOIN digits b
      """;

  private BulkLoad() {}

  static void run(DatabaseServer database) throws SQLException {
    database.recreate(SCHEMA);
    try (Connection connection = database.connect(SCHEMA);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE digits (n INT NOT NULL PRIMARY KEY)");
      statement.execute(
          "CREATE TABLE bulk (id INT NOT NULL PRIMARY KEY, text VARCHAR(50) NOT NULL)");
      StringBuilder digits = new StringBuilder("INSERT INTO digits VALUES (0)");
      for (int i = 1; i < 1000; i++) {
        digits.append(",(").append(i).append(')');
      }
      statement.execute(digits.toString());
      statement.execute(FILL);
    }
    database.drop(SCHEMA);
  }
}
