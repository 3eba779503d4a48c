package io.thirdsession.war;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A container in which the WAR is started once, for all themes of the contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainerTestBase {
  /** What the nested classes test. */
  DeployedWar war;

  private final Container.Starter starter;

  ContainerTestBase(Container.Starter starter) {
    this.starter = starter;
  }

  @BeforeAll
  void deploy() throws Exception {
    war = DeployedWar.start(starter);
  }

  @AfterAll
  void undeploy() {
    war.close();
  }
}
