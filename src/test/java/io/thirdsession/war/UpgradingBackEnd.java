package io.thirdsession.war;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A back end that speaks WebSocket, as far as a proxy sees: it upgrades, then sends all back. */
final class UpgradingBackEnd implements AutoCloseable {
  private final ServerSocket server;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private UpgradingBackEnd(ServerSocket server) {
    this.server = server;
  }

  static UpgradingBackEnd start() throws IOException {
    UpgradingBackEnd backEnd =
        new UpgradingBackEnd(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
    Thread thread = new Thread(backEnd::serve, "upgrading-back-end");
    thread.setDaemon(true);
    thread.start();
    return backEnd;
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Returns request line and headers of what has arrived. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  /** Returns everything up to the end of the headers, or of the connection. */
  static String readHead(Socket socket) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      head.write(next);
      text = head.toString(StandardCharsets.ISO_8859_1);
    }
    return text;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One connection after the other, until this is closed. */
  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        String head = readHead(socket);
        heads.add(head);
        boolean upgrade = head.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket");
        String response =
            upgrade
                ? "HTTP/1.1 101 Switching Protocols\r\n"
                    + "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                : "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n";
        socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        if (upgrade) {
          socket.getInputStream().transferTo(socket.getOutputStream());
        }
      } catch (IOException e) {
        heads.add("no whole request: " + e.getClass().getSimpleName());
      }
    }
  }
}
