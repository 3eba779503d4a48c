package io.thirdsession.testing;

import java.time.Instant;

/** Many rows of the audit trail, made by one statement. */
public final class LongTrail {
  private static final String INSERT =
      """
      INSERT INTO audit (id, event, user_id, address, device, detail)
      WITH RECURSIVE digit (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digit WHERE d < 9)
      SELECT UNHEX(CONCAT(LPAD(HEX(%d - n.n), 12, '0'), '70008000000000000000')), 'login', i.user_id,
             '192.0.2.1', REPEAT('d', 1000), REPEAT('x', 200)
      FROM identity i,
           (SELECT a.d * 1000 + b.d * 100 + c.d * 10 + e.d AS n
            FROM digit a, digit b, digit c, digit e) n
      WHERE i.openid = '%s' AND n.n < %d
      """;

  private LongTrail() {}

  /**
   * Adds events of the user with this openid, about as long as they may be.
   *
   * @param count at most 10,000
   * @param newest when the newest of them happened; the others a millisecond apart before it
   */
  public static void add(TestDatabase database, String openId, int count, Instant newest) {
    database.execute(INSERT.formatted(newest.toEpochMilli(), openId, count));
  }
}
