package io.thirdsession.simulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
  record Exchange(SimulatorResponse response, Fault fault) {}

  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool(SimulatorServer::daemon);
  private final Function<SimulatorRequest, Exchange> handler;
  private final InetSocketAddress address;
  private ServerSocket listener;
  private Thread acceptor;

  /** Holds the port while nothing listens on it, so that nobody else takes it. */
  private Optional<Socket> placeholder = Optional.empty();

  /** Takes the port, but answers nobody before {@link #start}. */
  SimulatorServer(int port, Function<SimulatorRequest, Exchange> handler) throws IOException {
    this.handler = handler;
    this.listener = bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
    this.address =
        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), listener.getLocalPort());
    this.acceptor = acceptorOf(listener);
  }

  synchronized void start() {
    acceptor.start();
  }

  int port() {
    return address.getPort();
  }

  /** Listens, or ends all connections and lets the system refuse others. */
  synchronized void setReachable(boolean reachable) {
    if (reachable == placeholder.isEmpty()) {
      return;
    }
    try {
      if (reachable) {
        listener = bind(address);
        placeholder.ifPresent(SimulatorServer::closeQuietly);
        placeholder = Optional.empty();
        acceptor = acceptorOf(listener);
        acceptor.start();
      } else {
        stopListening();
        Socket holder = new Socket();
        placeholder = Optional.of(holder);
        holder.setReuseAddress(true);
        holder.bind(address);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the port " + port() + " is not to be had again", e);
    }
  }

  @Override
  public synchronized void close() {
    // Interrupts delays and drips; reads end because their sockets close.
    threads.shutdownNow();
    stopListening();
    placeholder.ifPresent(SimulatorServer::closeQuietly);
  }

  private void stopListening() {
    closeQuietly(listener);
    // The port is free only when the thread that accepts has noticed.
    try {
      acceptor.join(ACCEPTOR_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.forEach(SimulatorServer::closeQuietly);
  }

  private static ServerSocket bind(InetSocketAddress address) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    try {
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    return listener;
  }

  private Thread acceptorOf(ServerSocket socket) {
    return daemon(() -> accept(socket));
  }

  private void accept(ServerSocket listener) {
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
