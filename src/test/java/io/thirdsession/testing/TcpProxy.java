package io.thirdsession.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between us and a server, and breaks the connection in the ways that networks do. */
public final class TcpProxy implements AutoCloseable {
  private static final int SLICES_BETWEEN_PAUSES = 100;
  private static final int PAUSE_MILLIS = 5;

  private final String url;
  private final String host;
  private final int port;
  private final ServerSocket listener;
  private final Set<Socket> open = new HashSet<>(); // guarded by this, as is cut
  private boolean cut;
  private boolean frozen; // guarded by this
  private volatile boolean swallow;
  private volatile boolean slices;
  private final AtomicInteger responsesLeft = new AtomicInteger(Integer.MAX_VALUE);
  private int requestBytesLeft = Integer.MAX_VALUE; // guarded by this, as is the next
  private int bytesLeft = Integer.MAX_VALUE;
  private String unheard = ""; // guarded by this; empty = nothing

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
    return url.replace(host + ":" + port, address());
  }

  /** Returns host and port of the proxy. */
  public String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /**
   * Closes all connections, and every new one at once, until {@link #restore}. When this returns,
   * no connection passes anything on, not even one that was being made meanwhile.
   */
  public synchronized void cut() {
    cut = true;
    open.forEach(TcpProxy::close);
    open.clear();
  }

  /** Lets new connections through again. */
  public synchronized void restore() {
    cut = false;
  }

  /** Passes nothing on while connections stay open, or passes on what comes from now on. */
  public void swallow(boolean swallow) {
    this.swallow = swallow;
  }

  /** Passes on each byte by itself, with a pause behind every hundredth, as a bad line does. */
  public void slice(boolean slices) {
    this.slices = slices;
  }

  /** Passes nothing on, as a process that was stopped; what it was sent waits for {@link #thaw}. */
  public synchronized void freeze() {
    frozen = true;
  }

  /** Passes on what waited, and what comes from now on. */
  public synchronized void thaw() {
    frozen = false;
    notifyAll();
  }

  private synchronized void awaitThaw() throws InterruptedIOException {
    while (frozen) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
  }

  /** Passes on so many more pieces of what the server says, then nothing. */
  public void swallowAfter(int responses) {
    responsesLeft.set(responses);
  }

  /**
   * Passes on so many more bytes of what the server says, on all connections together, then closes
   * the connection that says more, in the middle of it. The others are not touched.
   */
  public synchronized void cutAfter(int bytes) {
    bytesLeft = bytes;
  }

  /** The same of what clients say: the server does not hear the rest. */
  public synchronized void cutRequestsAfter(int bytes) {
    requestBytesLeft = bytes;
  }

  /** Closes the next connection on which a client says this, in letters, before it is heard. */
  public synchronized void cutBefore(String text) {
    unheard = text;
  }

  /** Returns whether a connection was closed by {@link #cutAfter}, or none was to be. */
  public synchronized boolean hasCut() {
    return bytesLeft == Integer.MAX_VALUE;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
    thaw();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        start(() -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(host, port);
      if (!link(client, server)) {
        close(client);
        close(server);
      }
    } catch (IOException e) {
      close(client); // the server is away
    }
  }

  /**
   * Lets these two talk, unless connections are cut: under the lock, so that none slips through.
   */
  private synchronized boolean link(Socket client, Socket server) {
    if (cut) {
      return false;
    }
    try {
      client.setTcpNoDelay(true); // else the system would put slices together again
      server.setTcpNoDelay(true);
    } catch (SocketException e) {
      return false; // one is closed already
    }
    open.add(client);
    open.add(server);
    start(() -> pump(client, server, false));
    start(() -> pump(server, client, true));
    return true;
  }

  private void pump(Socket from, Socket to, boolean responses) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitThaw();
        if (!responses && isUnheard(new String(buffer, 0, n, ISO_8859_1))) {
          return;
        }
        if (!swallow && (!responses || responsesLeft.getAndDecrement() > 0)) {
          int passed = responses ? takeOfResponse(n) : takeOfRequest(n);
          write(out, buffer, passed);
          if (passed < n) {
            return;
          }
        }
      }
    } catch (IOException e) {
      // one side is gone, so the other goes
    } finally {
      close(from);
      close(to);
    }
  }

  private void write(OutputStream out, byte[] buffer, int count) throws IOException {
    if (!slices) {
      out.write(buffer, 0, count);
      out.flush();
      return;
    }
    for (int i = 0; i < count; i++) {
      out.write(buffer[i]);
      out.flush();
      if (i % SLICES_BETWEEN_PAUSES == 0) {
        pause();
      }
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
  }

  /** Returns how many of so many bytes may pass; it is one connection that is cut. */
  private synchronized int takeOfResponse(int bytes) {
    int passed = Math.min(bytes, bytesLeft);
    bytesLeft = left(bytesLeft, bytes);
    return passed;
  }

  private synchronized int takeOfRequest(int bytes) {
    int passed = Math.min(bytes, requestBytesLeft);
    requestBytesLeft = left(requestBytesLeft, bytes);
    return passed;
  }

  private synchronized boolean isUnheard(String request) {
    boolean found = !unheard.isEmpty() && request.contains(unheard);
    unheard = found ? "" : unheard;
    return found;
  }

  private static int left(int before, int bytes) {
    boolean without = before == Integer.MAX_VALUE;
    return without || bytes > before ? Integer.MAX_VALUE : before - bytes;
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
