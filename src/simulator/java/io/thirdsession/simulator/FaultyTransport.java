package io.thirdsession.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;

/** Sends answers over one connection, as well or as badly as their fault says. */
final class FaultyTransport {
  private static final int DRIP_MILLIS = 500;

  private final Socket socket;
  private final InputStream in;

  FaultyTransport(Socket socket, InputStream in) {
    this.socket = socket;
    this.in = in;
  }

  /** Sends the answer; returns whether the connection can be used again. */
  boolean send(SimulatorServer.Exchange exchange, SimulatorRequest request)
      throws IOException, InterruptedException {
    Fault fault = exchange.fault();
    SimulatorResponse response = exchange.response();
    // sleep(0) is not free for a thread that has answers to send.
    if (!fault.delay().isZero()) {
      Thread.sleep(fault.delay().toMillis());
    }
    boolean keepOpen = HttpWire.keepsOpen(request);
    byte[] head = HttpWire.head(response, keepOpen);
    byte[] body = request.method().equals("HEAD") ? new byte[0] : response.body();
    return switch (fault.mode()) {
      case HANG -> hang();
      case RESET, REFUSE -> reset();
      case TRUNCATE -> write(head, Arrays.copyOf(body, body.length / 2), false);
      case DRIP -> write(head, new byte[0], true) && drip(body, keepOpen);
      default -> write(head, body, keepOpen);
    };
  }

  /** Waits until the caller gives up; its further bytes are read past. */
  private boolean hang() throws IOException {
    while (in.read() >= 0) {
      // Still there, still waiting.
    }
    return false;
  }

  /** Closes with a TCP RST in the place of an orderly end. */
  private boolean reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    return false;
  }

  private boolean drip(byte[] body, boolean keepOpen) throws IOException, InterruptedException {
    for (byte drop : body) {
      Thread.sleep(DRIP_MILLIS);
      socket.getOutputStream().write(drop);
    }
    return keepOpen;
  }

  /** Writes head and body at once, so that a small answer is one packet. */
  private boolean write(byte[] head, byte[] body, boolean keepOpen) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream(head.length + body.length);
    message.write(head);
    message.write(body);
    OutputStream out = socket.getOutputStream();
    message.writeTo(out);
    return keepOpen;
  }
}
