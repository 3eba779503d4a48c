package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.Deadline;
import io.thirdsession.http.Forwarding;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the fixture is not: a server below a path of a container. */
class SettingsCheckTest {
  @Test
  void aWarWithANameOfItsOwnIsNotAtTheRoot() {
    DoctorSettings settings =
        new DoctorSettings(Optional.empty(), 4, 4, true, Duration.ofDays(3), Duration.ofDays(30));
    Finding found =
        new SettingsCheck(settings)
            .run(
                new Asked(
                    "/thirdsession",
                    "test",
                    new Forwarding("192.0.2.1", false, false, true, false)),
                Deadline.in(Duration.ofSeconds(1)))
            .join()
            .get(0);

    assertEquals(Finding.Status.FAILED, found.status());
    assertEquals("all paths begin with /thirdsession", found.message().english());
    assertEquals("deploy the WAR as ROOT.war in Tomcat", found.cure().orElseThrow().english());
  }
}
