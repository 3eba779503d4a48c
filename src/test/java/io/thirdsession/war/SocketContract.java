package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that come late, are too long, or break off. */
abstract class SocketContract extends HttpContract {
  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final Pattern CONNECTION_CLOSE = Pattern.compile("(?i)connection: close\r\n");

  SocketContract(DeployedWar war) {
    super(war);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /api/login, text/plain, 415",
    "POST /api/nothing, application/json, 404",
    "PUT /api/login, application/json, 405",
    "DELETE /api/session, application/json, 401",
  })
  void keepsTheConnectionThoughTheBodyComesLateAndIsNotWanted(String line, String type, int status)
      throws Exception {
    byte[] head =
        (line
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\nContent-Length: 2\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    sendThriceWithALateBody(head, status);
  }

  @ParameterizedTest
  @CsvSource({"DELETE /api/me/phone, 204", "GET /api/session, 200", "PUT /api/gateway, 200"})
  void keepsTheConnectionThoughABodyComesLateThatNobodyReads(String line, int status)
      throws Exception {
    String token = http.login(weChat.loginCode()).token();
    byte[] head =
        (line
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\nContent-Length: 2\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    sendThriceWithALateBody(head, status);
  }

  private void sendThriceWithALateBody(byte[] head, int status) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(head);
        socket.getOutputStream().flush();
        Thread.sleep(50); // the head is looked at before the body is there
        socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 " + status, readResponse(socket.getInputStream()), "request " + i);
      }
    }
  }

  /** A proxy sends the next user's request on a connection of which it does not know better. */
  @ParameterizedTest
  @CsvSource({
    "POST /api/login, 65537, 413",
    "POST /api/login, 1500000, 413",
    "POST /api/nothing, 1500000, 404",
    "POST /api/me/avatar, 1500000, 401",
    "DELETE /api/session, 65537, 401",
  })
  void aBodyTooLongKeepsTheConnectionOrAnnouncesItsEnd(String line, int length, int status)
      throws Exception {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        OutputStream out = socket.getOutputStream();
        out.write(
            (line
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[Math.min(length, 70_000)]);
        if (length <= 70_000) {
          out.flush();
        }
        String head = readHead(socket.getInputStream());
        assertEquals("HTTP/1.1 " + status, head.substring(0, 12), "request " + i);
        if (CONNECTION_CLOSE.matcher(head).find()) {
          return;
        }
      }
    }
  }

  /** Reads one answer to its end and returns the beginning of its first line. */
  private static String readResponse(InputStream in) throws IOException {
    return readHead(in).substring(0, 12);
  }

  /** Reads one answer to its end and returns its head. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      assertTrue(c >= 0, "the connection was closed");
      head.append((char) c);
    }
    Matcher length = CONTENT_LENGTH.matcher(head);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head.toString();
  }

  @Test
  void aBodyThatBreaksOffIsAnsweredInOurOwnWords() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 100\r\nConnection: close\r\n\r\n{\"code\"")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.shutdownOutput();
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertFalse(response.contains("Exception"), response);
      assertFalse(response.contains("<html"), response);
      assertTrue(response.isEmpty() || response.startsWith("HTTP/1.1 400"), response);
    }
  }

  @Test
  void refusesAChunkedBodyThatNeverEnds() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk = ("1000\r\n" + " ".repeat(4096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 17; i++) {
        out.write(chunk);
      }
      out.flush();
      byte[] start = socket.getInputStream().readNBytes(12);

      assertEquals("HTTP/1.1 413", new String(start, StandardCharsets.US_ASCII));
    }
  }
}
