package io.thirdsession.jdbc;

import java.sql.SQLException;

/** Decides whether the database may be used yet, and is told when a server would not write. */
interface StorageGate {
  /**
   * Returns normally if the database may be used.
   *
   * @throws StorageException if it has not been reached yet, or this build cannot use it
   */
  void check();

  /**
   * Leaves the server in use, since it would not write.
   *
   * @return whether that is news, so that another try may meet another server
   */
  boolean cannotWrite();

  /** Is told that the server has no room for what is written. */
  void noRoom(SQLException e);
}
