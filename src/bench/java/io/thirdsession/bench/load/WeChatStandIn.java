package io.thirdsession.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Answers code2Session as WeChat does, after a while, in one thread. A code is {@code USER-NUMBER};
 * the openid follows from the user, the session_key from the number: each login brings another one.
 * Gives out an access token too, which WxJava sends with each call.
 */
public final class WeChatStandIn implements AutoCloseable {
  private static final String CODE = "js_code=";
  private static final String ACCESS_TOKEN = "/cgi-bin/token?";
  private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] BROKEN =
      "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
  private static final int MAX_WAIT_MILLIS = 10;

  private final ServerSocketChannel listener;
  private final Selector selector;
  private final Thread thread = new Thread(this::serve, "wechat");
  private final Deque<Due> waiting = new ArrayDeque<>(); // in the order in which they are due
  private volatile long delayNanos;
  private volatile boolean broken;

  /** Starts it on a port of its own. */
  public WeChatStandIn() {
    try {
      selector = Selector.open();
      listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the openid of this user. */
  public static String openId(int user) {
    return "oBench_%021d".formatted(user);
  }

  /** Returns what to set WX_API_URL to. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.socket().getLocalPort());
  }

  /** Answers after this time from now on; only while nobody asks. */
  public void delay(Duration delay) {
    delayNanos = delay.toNanos();
  }

  /** Answers with status 500 from now on, or as it should. */
  public void breakDown(boolean nowBroken) {
    broken = nowBroken;
  }

  @Override
  public void close() throws IOException {
    thread.interrupt(); // wakes the selector
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void serve() {
    while (!thread.isInterrupted()) {
      try {
        selector.select(this::ready, waitMillis());
        answerDue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private int waitMillis() {
    Due first = waiting.peekFirst();
    if (first == null) {
      return MAX_WAIT_MILLIS;
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(first.nanos() - System.nanoTime());
    return (int) Math.max(1, Math.min(MAX_WAIT_MILLIS, millis));
  }

  private void answerDue() {
    long now = System.nanoTime();
    for (Due due = waiting.peekFirst();
        due != null && due.nanos() <= now;
        due = waiting.peekFirst()) {
      waiting.removeFirst();
      write(due.connection(), due.answer());
    }
  }

  private void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      accept();
      return;
    }
    Connection connection = (Connection) key.attachment();
    try {
      if (connection.channel().read(connection.buffer()) < 0) {
        connection.channel().close();
        return;
      }
    } catch (IOException e) {
      close(connection);
      return;
    }
    if (connection.endsWith(END)) {
      ByteBuffer answer = answer(connection);
      connection.buffer().clear();
      if (delayNanos == 0) {
        write(connection, answer);
      } else {
        waiting.addLast(new Due(System.nanoTime() + delayNanos, connection, answer));
      }
    }
  }

  private void accept() {
    try {
      SocketChannel channel = listener.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuffer answer(Connection connection) {
    if (broken) {
      return ByteBuffer.wrap(BROKEN);
    }
    String request = connection.text();
    String json =
        request.contains(ACCESS_TOKEN)
            ? "{\"access_token\":\"access-token\",\"expires_in\":7200}"
            : session(after(CODE, request));
    String response =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json;
    return ByteBuffer.wrap(response.getBytes(US_ASCII));
  }

  private static String session(String code) {
    int hyphen = code.indexOf('-');
    return "{\"session_key\":\"%021dA==\",\"openid\":\"%s\"}"
        .formatted(
            Long.parseLong(code.substring(hyphen + 1)),
            openId(Integer.parseInt(code.substring(0, hyphen))));
  }

  /** Returns the value of this parameter, which has no special characters. */
  private static String after(String name, String request) {
    int from = request.indexOf(name) + name.length();
    int to = from;
    while (Character.isLetterOrDigit(request.charAt(to)) || request.charAt(to) == '-') {
      to++;
    }
    return request.substring(from, to);
  }

  private static void write(Connection connection, ByteBuffer answer) {
    try {
      while (answer.hasRemaining()) {
        connection.channel().write(answer);
      }
    } catch (IOException e) {
      close(connection);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.channel().close();
    } catch (IOException e) {
      // it is gone
    }
  }

  private record Due(long nanos, Connection connection, ByteBuffer answer) {}

  private static final class Connection {
    private final SocketChannel channel;
    private final byte[] bytes = new byte[4096];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    SocketChannel channel() {
      return channel;
    }

    ByteBuffer buffer() {
      return buffer;
    }

    boolean endsWith(byte[] end) {
      int to = buffer.position();
      return to >= end.length && Arrays.equals(bytes, to - end.length, to, end, 0, end.length);
    }

    String text() {
      return new String(bytes, 0, buffer.position(), US_ASCII);
    }
  }
}
