package io.thirdsession.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.openapi.Coverage;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What openapi.json promises, and no test before this one has seen: responses, error codes, fields
 * and parameters. Each is a JSON pointer into the file.
 */
class OpenApiCoverageIT {
  @Test
  void testsHaveSeenAllThatTheFileDescribes() throws IOException {
    assumeTrue(System.getProperty("test") == null, "only some tests were asked for: -Dtest");
    assumeTrue(System.getProperty("it.test") == null, "only some tests were asked for: -Dit.test");
    assumeTrue(System.getProperty("tests.without") == null, "some were left out: -Dtests.without");

    assertEquals(Set.of(), Coverage.missing());
  }
}
