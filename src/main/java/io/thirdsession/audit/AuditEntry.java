package io.thirdsession.audit;

import io.thirdsession.Uuid7;
import java.util.Optional;
import java.util.UUID;

/**
 * One row of the trail.
 *
 * @param id UUIDv7, whose time is that of the event
 * @param event what happened
 * @param subject whom it concerns and who caused it
 * @param address the client's IP address
 * @param device what the client said about its device; empty if nothing
 * @param requestId as in the log
 * @param detail facts as key=value
 */
record AuditEntry(
    UUID id,
    AuditEvent event,
    Subject subject,
    String address,
    String device,
    String requestId,
    String detail) {

  /** Returns the same row without IP address and device. */
  AuditEntry blank() {
    return new AuditEntry(id, event, subject, "", "", requestId, detail);
  }

  /**
   * Returns the row as one line of the log, with the trace of the request if there is one; no value
   * in it can start another line.
   */
  String line(Optional<String> traceId) {
    StringBuilder line = new StringBuilder("event=").append(event.label());
    line.append(" at=").append(Uuid7.time(id));
    subject.userId().ifPresent(userId -> line.append(" user=").append(userId));
    append(line, "app", subject.appId());
    subject.sid().ifPresent(sid -> line.append(" sid=").append(sid));
    append(line, "client", subject.client());
    append(line, "address", address);
    append(line, "request", requestId);
    traceId.ifPresent(trace -> append(line, "trace", trace));
    return detail.isEmpty() ? line.toString() : line.append(' ').append(detail).toString();
  }

  private static void append(StringBuilder line, String name, String value) {
    if (!value.isEmpty()) {
      line.append(' ').append(name).append('=').append(value);
    }
  }
}
