package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.http.Forwarding;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TlsServer;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutsideCheckTest {
  private final FakeClock clock = new FakeClock(Instant.now());
  private final Timer timer = new Timer("test");
  @TempDir private static Path folder;
  private static TlsServer tls;
  private HttpServer plain;
  private volatile int status = 404;

  @BeforeAll
  static void startTls() throws Exception {
    tls = TlsServer.start(folder, "localhost");
  }

  @AfterAll
  static void stopTls() throws Exception {
    tls.close();
  }

  @BeforeEach
  void start() throws Exception {
    plain = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    plain.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    plain.start();
    tls.leadTo(plain.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    plain.stop(0);
    timer.close();
  }

  @Test
  void aGoodOne() {
    List<Finding> found = look(trusting(), "https://localhost:" + tls.port());

    assertEquals(Finding.Status.OK, found.get(0).status(), found::toString);
    assertTrue(found.get(0).message().english().startsWith("TLSv1.3, the certificate expires in"));
    assertEquals(Finding.Status.OK, found.get(1).status(), found::toString);
  }

  @Test
  void theCertificateExpiresSoon() {
    clock.advance(Duration.ofDays(77));

    Finding found = look(trusting(), "https://localhost:" + tls.port()).get(0);

    assertSick(Finding.Status.WARNING, "renew", found);
  }

  @Test
  void theChainIsIncomplete() {
    Finding found = look(HttpClient.newHttpClient(), "https://localhost:" + tls.port()).get(0);

    assertSick(Finding.Status.FAILED, "fullchain.pem", found);
  }

  @Test
  void theCertificateIsAnotherHosts() {
    Finding found = look(trusting(), "https://127.0.0.1:" + tls.port()).get(0);

    assertSick(Finding.Status.FAILED, "names", found);
  }

  @Test
  void theCallsOfBackEndsAreOpen() {
    status = 401;

    Finding found = look(trusting(), "http://127.0.0.1:" + plain.getAddress().getPort()).get(0);

    assertSick(Finding.Status.FAILED, "close them in the proxy", found);
    assertTrue(found.message().english().contains("/metrics (401)"), found::toString);
    assertTrue(found.message().english().contains("/api;x/introspect (401)"), found::toString);
  }

  @Test
  void nobodyAnswers() throws Exception {
    List<Finding> found = look(trusting(), "https://localhost:" + Ports.free());

    assertSick(Finding.Status.WARNING, "DNS", found.get(0));
    assertSick(Finding.Status.WARNING, "DNS", found.get(1));
  }

  private static void assertSick(Finding.Status status, String cure, Finding found) {
    assertEquals(status, found.status(), found::toString);
    assertTrue(found.cure().orElseThrow().english().contains(cure), found::toString);
  }

  private HttpClient trusting() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls.trusted())
        .build();
  }

  private List<Finding> look(HttpClient client, String url) {
    DoctorSettings settings =
        new DoctorSettings(Optional.of(url), 4, 4, true, Duration.ofDays(3), Duration.ofDays(30));
    return new OutsideCheck(client, settings, timer, clock)
        .run(
            new Asked("", "test", new Forwarding("192.0.2.1", false, false, true, false)),
            Deadline.in(Duration.ofSeconds(9)))
        .join();
  }
}
