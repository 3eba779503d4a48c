package io.thirdsession.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Stands in front of a MySQL server and keeps what clients ask of it: the commands of the protocol,
 * each of which is a round trip. What is said about statements by their number has no text.
 */
public final class SqlListener implements AutoCloseable {
  private static final int HEAD = 4;

  /** COM_QUIT, COM_STMT_SEND_LONG_DATA and COM_STMT_CLOSE have no response. */
  private static final Set<Integer> WITHOUT_RESPONSE = Set.of(0x01, 0x18, 0x19);

  private final String url;
  private final String host;
  private final int port;
  private final ServerSocket listener;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private SqlListener(String url, String host, int port) throws IOException {
    this.url = url;
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Pumps.start(this::accept);
  }

  /** Returns one in front of the server in this JDBC URL. */
  public static SqlListener to(String jdbcUrl) throws IOException {
    URI server = URI.create(jdbcUrl.substring("jdbc:".length()));
    return new SqlListener(jdbcUrl, server.getHost(), server.getPort());
  }

  /** Returns the JDBC URL that leads through this, in clear text, with these options. */
  public String url(String options) {
    String here = url.replace(host + ":" + port, "127.0.0.1:" + listener.getLocalPort());
    return here
        + (here.contains("?") ? "&" : "?")
        + "sslMode=DISABLED&allowPublicKeyRetrieval=true"
        + options;
  }

  /** Returns what was asked since the last time: the text of a query, else the command's number. */
  public List<String> take() {
    List<String> taken = new ArrayList<>();
    heard.drainTo(taken);
    return taken;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        Socket server = new Socket(host, port);
        server.setTcpNoDelay(true);
        Pumps.link(client, server, new Packets());
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** Puts the packets of one client together; the first of each command has the number 0. */
  private final class Packets implements Pumps.Listener {
    private static final int COM_QUERY = 0x03;

    /** MySQL's driver says in front of a query that it has no attributes; MariaDB knows none. */
    private static final String NO_ATTRIBUTES = "\0\1";

    private final ByteArrayOutputStream packet = new ByteArrayOutputStream();

    @Override
    public void heard(byte[] bytes, int length) {
      for (int i = 0; i < length; i++) {
        packet.write(bytes[i]);
        if (packet.size() >= HEAD) {
          byte[] read = packet.toByteArray();
          int body = (read[0] & 0xFF) | (read[1] & 0xFF) << 8 | (read[2] & 0xFF) << 16;
          if (read.length == HEAD + body) {
            command(read);
            packet.reset();
          }
        }
      }
    }

    private void command(byte[] read) {
      if (read[HEAD - 1] != 0
          || read.length == HEAD
          || WITHOUT_RESPONSE.contains((int) read[HEAD])) {
        return;
      }
      heard.add(
          read[HEAD] == COM_QUERY
              ? new String(read, HEAD + 1, read.length - HEAD - 1, ISO_8859_1)
                  .replaceFirst("^" + NO_ATTRIBUTES, "")
                  .strip()
              : "0x" + Integer.toHexString(read[HEAD]));
    }
  }
}
