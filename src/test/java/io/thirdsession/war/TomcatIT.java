package io.thirdsession.war;

import org.junit.jupiter.api.Nested;

class TomcatIT extends ContainerTestBase {
  TomcatIT() {
    super(TomcatContainer::start);
  }

  @Nested
  class Logins extends LoginContract {
    Logins() {
      super(war);
    }
  }

  @Nested
  class BackEnds extends BackEndContract {
    BackEnds() {
      super(war);
    }
  }

  @Nested
  class Bodies extends BodyContract {
    Bodies() {
      super(war);
    }
  }

  @Nested
  class LateBodies extends LateBodyContract {
    LateBodies() {
      super(war);
    }
  }

  @Nested
  class Sockets extends SocketContract {
    Sockets() {
      super(war);
    }
  }

  @Nested
  class Paths extends PathContract {
    Paths() {
      super(war);
    }
  }

  @Nested
  class Seed extends SeedContract {
    Seed() {
      super(war);
    }
  }

  @Nested
  class Exports extends ExportContract {
    Exports() {
      super(war);
    }
  }

  @Nested
  class Me extends MeContract {
    Me() {
      super(war);
    }
  }
}
