package io.thirdsession.app;

import java.util.List;
import java.util.Map;

/** Environments that the tests make up. */
final class TestEnvironment {
  private TestEnvironment() {}

  /** Returns one with a single source, which may still change. */
  static Environment of(Map<String, String> values) {
    return new Environment(List.of(new Environment.Source("test", values::get)));
  }
}
