package io.thirdsession.war;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests whose paths no client library would send as they are. */
final class RawHttp {
  private RawHttp() {}

  /** Returns the whole answer as text; headers come in pairs. */
  static String send(URI base, String method, String path, List<String> headers, String body)
      throws IOException {
    StringBuilder request = new StringBuilder();
    request.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    request.append("Connection: close\r\nContent-Length: ").append(body.length()).append("\r\n");
    for (int i = 0; i < headers.size(); i += 2) {
      request.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
    }
    request.append("\r\n").append(body);
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
