package io.thirdsession.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between us and a server, and breaks the connection in the ways that networks do. */
public final class TcpProxy implements AutoCloseable {
  private final String url;
  private final String host;
  private final int port;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean refuse;
  private volatile boolean swallow;
  private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);

  private TcpProxy(String url, String host, int port) throws IOException {
    this.url = url;
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Returns a proxy to the server in this JDBC URL. */
  public static TcpProxy to(String jdbcUrl) throws IOException {
    URI server = URI.create(jdbcUrl.substring("jdbc:".length()));
    return new TcpProxy(jdbcUrl, server.getHost(), server.getPort());
  }

  /** Returns the JDBC URL that leads through the proxy. */
  public String url() {
    return url.replace(host + ":" + port, "127.0.0.1:" + listener.getLocalPort());
  }

  /** Closes every new connection at once, or lets them through again. */
  public void refuse(boolean refuse) {
    this.refuse = refuse;
  }

  /** Passes nothing on while connections stay open, or passes on what comes from now on. */
  public void swallow(boolean swallow) {
    this.swallow = swallow;
  }

  /** Passes on so many more pieces of what the server says, then nothing. */
  public void swallowAfter(int answers) {
    answersLeft.set(answers);
  }

  /** Closes all connections. */
  public void cutAll() {
    open.forEach(TcpProxy::close);
    open.clear();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (refuse) {
          close(client);
          continue;
        }
        Socket server = new Socket(host, port);
        open.add(client);
        open.add(server);
        start(() -> pump(client, server, false));
        start(() -> pump(server, client, true));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!swallow && (!answers || answersLeft.getAndDecrement() > 0)) {
          out.write(buffer, 0, n);
          out.flush();
        }
      }
    } catch (IOException e) {
      // one side is gone, so the other goes
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "tcp-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
