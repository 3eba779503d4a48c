package io.thirdsession.simulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * HTTP/1.1 on a loopback port, one daemon thread for each connection.
 *
 * <p>Not the JDK's own HttpServer: that one cannot reset a connection, and its answers wait 40 ms
 * for Nagle's algorithm on kept connections unless a system property is set for the whole process.
 */
final class SimulatorServer implements AutoCloseable {
  private static final int BACKLOG = 512;
  private static final int ACCEPTOR_MILLIS = 1_000;

  /** An answer, and the fault that decides how much of it arrives. */
  record Exchange(SimulatorAnswer answer, Fault fault) {}

  private final ServerSocket listener = new ServerSocket();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool(SimulatorServer::daemon);
  private final Thread acceptor = daemon(this::accept);
  private final Function<SimulatorRequest, Exchange> handler;

  SimulatorServer(int port, Function<SimulatorRequest, Exchange> handler) throws IOException {
    this.handler = handler;
    listener.setReuseAddress(true);
    try {
      listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  void start() {
    acceptor.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    // Interrupts delays and drips; reads end because their sockets close.
    threads.shutdownNow();
    connections.forEach(SimulatorServer::closeQuietly);
    // The port is free only when the thread that accepts has noticed.
    try {
      acceptor.join(ACCEPTOR_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException | RejectedExecutionException closing) {
        // Closing, or out of file descriptors: either way the open connections have to go.
        connections.forEach(SimulatorServer::closeQuietly);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      FaultyTransport transport = new FaultyTransport(socket, in);
      boolean more = true;
      while (more) {
        Optional<SimulatorRequest> request = HttpWire.read(in, socket.getOutputStream());
        more = request.isPresent() && transport.send(handler.apply(request.get()), request.get());
      }
    } catch (IOException gone) {
      // The caller went away, or spoke something that is not HTTP, or close() was called.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "wechat-simulator");
    thread.setDaemon(true);
    return thread;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception ignored) {
      // Nothing more can be done for a socket that does not close.
    }
  }
}
