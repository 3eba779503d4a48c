package io.thirdsession.war;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Many connections that send the head of a request and then its body, a byte now and then. */
final class SlowClients implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final List<Client> clients = new ArrayList<>();
  private final CountDownLatch running;
  private final Selector selector;
  private final Thread thread;
  private volatile boolean closing;

  private SlowClients(URI base, List<String> heads) throws IOException {
    selector = Selector.open();
    running = new CountDownLatch(heads.size());
    for (String head : heads) {
      clients.add(new Client(base, head));
    }
    thread = new Thread(this::run, "slow-clients");
    thread.start();
  }

  /** Opens a connection for each of these heads and begins to send. */
  static SlowClients start(URI base, List<String> heads) throws IOException {
    return new SlowClients(base, heads);
  }

  /** Returns the clients once every connection has ended, or when the time is over. */
  List<Client> await(Duration time) throws InterruptedException {
    boolean unused = running.await(time.toMillis(), TimeUnit.MILLISECONDS);
    return List.copyOf(clients);
  }

  private void run() {
    long nextNanos = System.nanoTime();
    try {
      while (!closing && running.getCount() > 0) {
        if (System.nanoTime() >= nextNanos) {
          nextNanos += PAUSE.toNanos();
          clients.forEach(Client::sendOneByte);
        }
        selector.select(key -> ((Client) key.attachment()).receive(), 20);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closing = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  /** One of the connections. */
  final class Client {
    private final SocketChannel channel;
    private final String head;
    private final long startedNanos = System.nanoTime();
    private final StringBuffer response = new StringBuffer();
    private volatile long endedNanos;

    private Client(URI base, String head) throws IOException {
      this.head = head;
      channel = SocketChannel.open(new InetSocketAddress(base.getHost(), base.getPort()));
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Returns what has come back. */
    String response() {
      return response.toString();
    }

    /** Returns the time from the head to the end of the connection; none if it has not ended. */
    Duration lasted() {
      return endedNanos == 0 ? Duration.ofDays(1) : Duration.ofNanos(endedNanos - startedNanos);
    }

    @Override
    public String toString() {
      return head.lines().findFirst().orElse("") + " -> " + lasted() + " " + response;
    }

    private void sendOneByte() {
      try {
        if (endedNanos == 0) {
          channel.write(ByteBuffer.wrap(new byte[] {'0'}));
        }
      } catch (IOException e) {
        end();
      }
    }

    private void receive() {
      ByteBuffer buffer = ByteBuffer.allocate(4_096);
      try {
        int count = channel.read(buffer);
        if (count < 0) {
          end();
        } else {
          response.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
      } catch (IOException e) {
        end();
      }
    }

    private void end() {
      endedNanos = System.nanoTime();
      channel.keyFor(selector).cancel();
      running.countDown();
    }
  }
}
