package io.thirdsession.me;

import io.thirdsession.audit.EventPage;
import io.thirdsession.http.Chunks;
import io.thirdsession.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The export as it is sent: one JSON object, whose recorded events are read page by page while the
 * client takes them. Not thread-safe.
 */
final class ExportBody implements Chunks {
  /** Rows that are read, and held in memory, at once. */
  private static final int PAGE = 500;

  private final Export export;
  private final Events events;
  private final int maxEvents;
  private final Runnable end;

  private int sent;
  private Part next = Part.HEAD;
  private Optional<UUID> before = Optional.empty();

  /**
   * Makes the body of an export.
   *
   * @param maxEvents so many of the latest events are in it at most
   * @param end gives back this export's place; called once when the response has ended
   */
  ExportBody(Export export, Events events, int maxEvents, Runnable end) {
    this.export = export;
    this.events = events;
    this.maxEvents = maxEvents;
    this.end = end;
  }

  @Override
  public Optional<byte[]> next() {
    return switch (next) {
      case HEAD -> head();
      case EVENTS -> events();
      case NOTHING -> Optional.empty();
    };
  }

  @Override
  public void close() {
    end.run();
  }

  private Optional<byte[]> head() {
    next = Part.EVENTS;
    String object = Json.write(export);
    return utf8(object.substring(0, object.length() - 1) + ",\"events\":[");
  }

  private Optional<byte[]> events() {
    EventPage page = events.page(before, Math.min(PAGE, maxEvents - sent));
    before = page.next();
    String separator = sent == 0 || page.events().isEmpty() ? "" : ",";
    sent += page.events().size();
    boolean last = before.isEmpty() || sent == maxEvents;
    if (last) {
      next = Part.NOTHING;
    }
    return utf8(
        page.events().stream().map(Json::write).collect(Collectors.joining(",", separator, ""))
            + (last ? "],\"eventsComplete\":" + before.isEmpty() + "}" : ""));
  }

  private static Optional<byte[]> utf8(String text) {
    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a page of the user's recorded events, latest first. */
  @FunctionalInterface
  interface Events {
    EventPage page(Optional<UUID> before, int max);
  }

  private enum Part {
    HEAD,
    EVENTS,
    NOTHING
  }
}
