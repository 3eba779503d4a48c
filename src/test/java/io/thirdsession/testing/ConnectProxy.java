package io.thirdsession.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that makes tunnels, all to one port of this machine, and keeps what it reads. */
public final class ConnectProxy implements AutoCloseable {
  private static final int TUNNEL = 200;
  private static final int SILENCE = 0;

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream read = new ByteArrayOutputStream(); // guarded by itself
  private final Thread acceptor;
  private volatile int port;
  private volatile int status = TUNNEL;

  private ConnectProxy() throws IOException {
    this.acceptor = Pumps.start(this::accept);
  }

  public static ConnectProxy start() throws IOException {
    return new ConnectProxy();
  }

  /** Makes every tunnel lead to this port. */
  public void leadTo(int port) {
    this.port = port;
  }

  /** Refuses tunnels with this status from now on. */
  public void refuse(int status) {
    this.status = status;
  }

  /** Takes requests from now on, and says nothing. */
  public void fallSilent() {
    this.status = SILENCE;
  }

  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Returns the first line of each request. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  /** Returns all that clients have sent, a character for each byte. */
  public String read() {
    synchronized (read) {
      return read.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** When this returns, the proxy takes no connection any more. */
  @Override
  public void close() throws IOException {
    listener.close();
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Pumps.start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try {
      asked.add(head(client.getInputStream()).split("\r\n", 2)[0]);
      if (status == SILENCE) {
        client.getInputStream().read(); // until the client has had enough
        client.close();
        return;
      }
      OutputStream out = client.getOutputStream();
      String length = status == TUNNEL ? "" : "Content-Length: 0\r\n";
      String demand = status == 407 ? "Proxy-Authenticate: Basic realm=\"p\"\r\n" : "";
      out.write(
          ("HTTP/1.1 " + status + " .\r\n" + length + demand + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      if (status == TUNNEL) {
        Pumps.link(client, new Socket(InetAddress.getLoopbackAddress(), port), this::keep);
      }
    } catch (IOException e) {
      // the client is gone
    }
  }

  private String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
    byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    keep(bytes, bytes.length);
    return head.toString();
  }

  private void keep(byte[] bytes, int length) {
    synchronized (read) {
      read.write(bytes, 0, length);
    }
  }
}
