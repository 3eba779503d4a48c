package io.thirdsession.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Passes bytes on between two sockets, each way in a thread of its own. */
final class Pumps {
  private Pumps() {}

  /** Lets these two talk until one of them is gone. */
  static void link(Socket one, Socket other) {
    link(one, other, (bytes, length) -> {});
  }

  /** Lets these two talk until one of them is gone, and shows what the first one says. */
  static void link(Socket one, Socket other, Listener listener) {
    start(() -> pump(one, other, listener));
    start(() -> pump(other, one, (bytes, length) -> {}));
  }

  /** Hears what is passed on. */
  @FunctionalInterface
  interface Listener {
    void heard(byte[] bytes, int length);
  }

  static Thread start(Runnable work) {
    Thread thread = new Thread(work, "pump");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void pump(Socket from, Socket to, Listener listener) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        listener.heard(buffer, n);
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // one side is gone, so the other goes
    }
  }
}
