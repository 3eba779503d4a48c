package io.thirdsession.doctor;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Forwarding;
import io.thirdsession.http.Message;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DoctorTest extends SharedAppTestBase {
  private static final String WITHOUT = "canary-client-secret-of-a-shop";
  private static final String LIMITED = "canary-client-secret-of-one-app";
  private static final Asked ASKED =
      new Asked("", "test", new Forwarding("192.0.2.1", false, false, true, false));

  private static final Finding GOOD = Finding.ok("slow", new Message("好", "good"));

  DoctorTest() {
    super(
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("shop", WITHOUT, "introspect+users+phone+token+metrics"),
            TestClients.entry("limited", LIMITED, "manage:" + APP)));
  }

  @Test
  void nobodyElseIsTold() {
    assertEquals(401, server.http.get("/api/doctor").status());
    assertEquals(
        401, server.http.get("/api/doctor", TestClients.basic("shop", WITHOUT + "x")).status());
    assertEquals(403, server.http.get("/api/doctor", TestClients.basic("shop", WITHOUT)).status());
    assertEquals(
        403, server.http.get("/api/doctor", TestClients.basic("limited", LIMITED)).status());
    assertEquals(405, server.http.send("POST", "/api/doctor", "", TestClients.basic()).status());
  }

  @Test
  void itSpeaksChineseOrEnglish() {
    String chinese = server.http.get("/api/doctor", TestClients.basic()).text();

    assertTrue(chinese.contains("数据库可用"), chinese);
    assertEquals(
        "the database can be used",
        Diagnosis.of(server).line("database").get("message").getAsString());
  }

  @Test
  void asTextEachCheckIsALine() {
    String[] basic = TestClients.basic();
    Response response =
        server.http.get(
            "/api/doctor", basic[0], basic[1], "Accept", "text/plain", "Accept-Language", "en");

    assertTrue(response.header("Content-Type").startsWith("text/plain"));
    List<String> lines = response.text().lines().toList();
    assertEquals(Diagnosis.of(server).body().getAsJsonArray("checks").size(), lines.size());
    assertEquals("ok database: the database can be used", lines.get(0));
    assertTrue(
        lines.stream().anyMatch(line -> line.startsWith("warning rate-limits: ")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("; cure: ")), lines::toString);
  }

  @Test
  void itWritesNothing() {
    String counts =
        "SELECT CONCAT((SELECT COUNT(*) FROM user), ' ', (SELECT COUNT(*) FROM identity), ' ',"
            + " (SELECT COUNT(*) FROM session), ' ', (SELECT COUNT(*) FROM audit))";
    server.login("alice");
    Diagnosis.of(server);
    List<String> before = database.column(counts);

    Diagnosis.of(server);

    assertEquals(before, database.column(counts));
  }

  @Test
  void noSecretIsSaid() {
    assertFalse(Diagnosis.of(server).body().toString().contains("canary"));
  }

  @Test
  void oneExaminationAtATime() {
    CompletableFuture<List<Finding>> slow = new CompletableFuture<>();
    try (Timer timer = new Timer("test")) {
      Doctor doctor = doctor(timer, Duration.ofSeconds(9), slow);
      CompletableFuture<List<Finding>> first = doctor.examine(ASKED);

      ApiException refused = assertThrows(ApiException.class, () -> doctor.examine(ASKED));

      assertEquals(ApiError.OVERLOADED, refused.error());
      slow.complete(List.of(GOOD));
      assertEquals(List.of(GOOD), first.join());
      assertEquals(List.of(GOOD), doctor.examine(ASKED).join());
    }
  }

  @Test
  void whatIsNotDoneInTimeIsAWarningAndKeepsOthersOutUntilItEnds() {
    CompletableFuture<List<Finding>> slow = new CompletableFuture<>();
    try (Timer timer = new Timer("test")) {
      Doctor doctor = doctor(timer, Duration.ofMillis(50), slow);

      Finding late = doctor.examine(ASKED).join().get(0);

      assertEquals(Finding.Status.WARNING, late.status());
      assertEquals("slow", late.name());
      assertTrue(late.message().english().startsWith("not looked at"), late::toString);
      assertThrows(ApiException.class, () -> doctor.examine(ASKED));
      slow.complete(List.of());
      doctor.examine(ASKED).join();
    }
  }

  @Test
  void aCheckThatBreaksIsAWarning() {
    try (Timer timer = new Timer("test")) {
      CompletableFuture<List<Finding>> broken =
          CompletableFuture.failedFuture(new IllegalStateException("canary"));

      Finding found = doctor(timer, Duration.ofSeconds(9), broken).examine(ASKED).join().get(0);

      assertEquals("not looked at: IllegalStateException", found.message().english());
    }
  }

  private static Doctor doctor(
      Timer timer, Duration patience, CompletableFuture<List<Finding>> found) {
    Check check =
        new Check() {
          @Override
          public String name() {
            return "slow";
          }

          @Override
          public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
            return found;
          }
        };
    return new Doctor(List.of(check), Runnable::run, timer, patience);
  }
}
