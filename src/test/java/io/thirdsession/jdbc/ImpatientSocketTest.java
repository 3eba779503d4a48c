package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.Deadline;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ImpatientSocketTest {
  @Test
  void readsUntilItHasWaitedInVain() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new ImpatientSocket()) {
      socket.connect(server.getLocalSocketAddress());
      try (Socket other = server.accept()) {
        other.getOutputStream().write(new byte[] {1, 2, 3});
        InputStream in = socket.getInputStream();
        assertEquals(1, in.read());
        assertEquals(2, in.readNBytes(2).length);
        socket.setSoTimeout(10);
        assertThrows(SocketTimeoutException.class, in::read);

        other.getOutputStream().write(4);

        socket.setSoTimeout(0); // would read it, or wait for ever
        assertThrows(SocketTimeoutException.class, in::read);
        assertThrows(SocketTimeoutException.class, () -> in.read(new byte[8]));
      }
    }
  }

  /** The embedded server knows no TLS; MySQL does by default, and was waited for twice. */
  @Test
  void aStatementTimesOutAfterThreeSecondsAndNotAfterSix() throws Exception {
    try (TestDatabase testDatabase = TestDatabase.create();
        TcpProxy proxy = TcpProxy.to(testDatabase.url());
        Connection connection =
            TestDatabase.connect(
                ConnectionUrl.pooled(proxy.url()), TestDatabase.user(), TestDatabase.password());
        PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
      statement.executeQuery().close();
      proxy.swallow(true);
      Deadline deadline = Deadline.in(Duration.ofMillis(5_800)); // 3 s, and what the machine needs

      assertThrows(SQLException.class, statement::executeQuery);

      assertFalse(deadline.passed());
    }
  }
}
