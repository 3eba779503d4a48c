package io.thirdsession.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A socket that waits in vain only once: after a read has timed out, every other one times out at
 * once. The driver closes a connection whose statement timed out, and the JDK's TLS, when it is
 * closed, waits for one more byte, for as long as any read may take: a server that hangs would cost
 * twice the time of a statement.
 */
final class ImpatientSocket extends Socket {
  private @Nullable InputStream in; // guarded by this

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    InputStream present = in;
    if (present == null) {
      present = new Impatient(super.getInputStream());
      in = present;
    }
    return present;
  }

  private static final class Impatient extends FilterInputStream {
    private volatile boolean timedOut;

    Impatient(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      check();
      try {
        return super.read();
      } catch (SocketTimeoutException e) {
        timedOut = true;
        throw e;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      check();
      try {
        return super.read(bytes, offset, length);
      } catch (SocketTimeoutException e) {
        timedOut = true;
        throw e;
      }
    }

    private void check() throws SocketTimeoutException {
      if (timedOut) {
        throw new SocketTimeoutException("has timed out before");
      }
    }
  }
}
