package io.thirdsession.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection that is kept open, with one request under way at a time. */
final class Client {
  private final InetSocketAddress server;
  private final Selector selector;
  final Response response = new Response();

  private SocketChannel channel;
  @Nullable Request request; // under way
  long intendedNanos; // when it should have been sent

  Client(InetSocketAddress server, Selector selector) throws IOException {
    this.server = server;
    this.selector = selector;
    this.channel = connect();
  }

  private SocketChannel connect() throws IOException {
    SocketChannel opened = SocketChannel.open(server);
    opened.configureBlocking(false);
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    opened.register(selector, SelectionKey.OP_READ, this);
    return opened;
  }

  void send(Request next, long intended) throws IOException {
    request = next;
    intendedNanos = intended;
    response.clear();
    ByteBuffer bytes = next.bytes().duplicate();
    while (bytes.hasRemaining()) {
      channel.write(bytes); // fits into the socket's buffer, always
    }
  }

  /** Reads what is there, and returns whether the connection is still open. */
  boolean read() throws IOException {
    return channel.read(response.buffer()) >= 0;
  }

  void reconnect() throws IOException {
    channel.close();
    channel = connect();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone
    }
  }
}
