package io.thirdsession.war;

import java.net.URI;
import java.util.Map;

/** A servlet container with our WAR in it. */
interface Container extends AutoCloseable {
  /** Returns where it answers. */
  URI base();

  /** Returns the class loader of the WAR. */
  ClassLoader classLoader();

  @Override
  void close();

  /** A way to start one. */
  @FunctionalInterface
  interface Starter {
    /** Deploys the WAR at the root with these context parameters. */
    Container start(Map<String, String> settings) throws Exception;
  }
}
