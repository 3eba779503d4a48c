package io.thirdsession.bench;

import io.thirdsession.bench.machine.ServerProcess;
import io.thirdsession.bench.rows.Population;

/** A login server that runs and has users: what clients of any such server need to know. */
interface Subject {
  /** Returns what its figures are filed under. */
  String name();

  ServerProcess server();

  Population population();

  Tokens tokens();
}
