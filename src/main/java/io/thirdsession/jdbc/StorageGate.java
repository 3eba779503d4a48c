package io.thirdsession.jdbc;

/** Whether the database may be used yet. */
@FunctionalInterface
interface StorageGate {
  /**
   * Returns if the database may be used.
   *
   * @throws StorageException if it has not been reached, or is not the one that this build needs
   */
  void check();
}
