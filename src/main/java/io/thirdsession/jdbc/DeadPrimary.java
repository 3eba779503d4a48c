package io.thirdsession.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Evicts a connection from the pool of transactions when its server has become read-only, as an old
 * primary does after a failover; the pool alone would keep it.
 */
final class DeadPrimary implements SQLExceptionOverride {
  @java.lang.Override // the interface has its own Override
  public Override adjudicate(SQLException e) {
    return SqlFault.of(e) == SqlFault.CANNOT_WRITE ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
