package io.thirdsession.development;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.logging.Logger;

/** Says where to look once the server really answers; the port is bound after everything else. */
final class ReadyLine {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int TRIES = 600;

  private ReadyLine() {}

  static void printWhenReady(String port) {
    Thread thread = new Thread(() -> awaitAndPrint("http://localhost:" + port), "dev-ready-line");
    thread.setDaemon(true);
    thread.start();
  }

  private static void awaitAndPrint(String address) {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest state = HttpRequest.newBuilder(URI.create(address + "/dev/state")).build();
    String ours = "\"process\":" + ProcessHandle.current().pid() + "}";
    for (int i = 0; i < TRIES; i++) {
      try {
        Thread.sleep(PAUSE.toMillis());
        String response = client.send(state, HttpResponse.BodyHandlers.ofString()).body();
        if (response.endsWith(ours)) { // another server may have the port
          Logger.getLogger("third session").info("open " + address + "/ — Ctrl-C stops it");
          return;
        }
      } catch (IOException e) {
        // not yet
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
