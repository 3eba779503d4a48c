package io.thirdsession.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Throws a connection out of the pool when its server has become one that cannot be written to, as
 * an old primary is after a failover; the pool by itself would keep it.
 */
final class DeadPrimary implements SQLExceptionOverride {
  /**
   * ER_OPTION_PREVENTS_STATEMENT (read_only), ER_READ_ONLY_MODE,
   * ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, and the group replication hook that refuses a commit.
   */
  private static final Set<Integer> CODES = Set.of(1290, 1836, 1792, 3100);

  @java.lang.Override // the interface has an Override of its own
  public Override adjudicate(SQLException e) {
    return CODES.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
