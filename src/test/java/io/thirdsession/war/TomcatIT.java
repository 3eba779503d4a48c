package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestClients;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

  @Nested
  class Doctor extends HttpContract {
    Doctor() {
      super(war);
    }

    @Test
    void looksAtTheSettingsOfThisTomcat() {
      String[] basic = TestClients.basic();

      List<String> lines =
          http.get(
                  "/api/doctor",
                  basic[0],
                  basic[1],
                  "Accept",
                  "text/plain",
                  "Accept-Language",
                  "en")
              .text()
              .lines()
              .filter(line -> line.contains(" tomcat"))
              .toList();

      assertEquals(3, lines.size(), lines::toString);
      assertEquals("ok tomcat-unload-delay: unloadDelay is 10000 ms", lines.get(0));
      assertTrue(lines.get(1).startsWith("warning tomcat-error-pages: "), lines.get(1));
      assertEquals("ok tomcat-access-log: Tomcat's access log has no queries", lines.get(2));
    }
  }
}
