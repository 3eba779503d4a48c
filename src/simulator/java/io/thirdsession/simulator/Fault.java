package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A fault of WeChat's side: {@code Fault.of(FaultMode.BUSY).times(1)}.
 *
 * @param delay waited before answering, in any mode; the call is acted on before the wait
 * @param times how many calls it hits; 0: all, until it is changed
 * @param errcode for {@link FaultMode#ERRCODE}, which needs it
 * @param status for {@link FaultMode#STATUS} and {@link FaultMode#RAW}; 0: their default
 * @param path the one path it hits; empty: all of WeChat's
 * @param body for {@link FaultMode#RAW}: the exact body
 */
public record Fault(
    FaultMode mode, Duration delay, int times, int errcode, int status, String path, String body) {
  private static final Duration MAX_DELAY = Duration.ofMinutes(10);

  static final Fault NONE = of(FaultMode.OK);

  public Fault {
    require(!delay.isNegative() && delay.compareTo(MAX_DELAY) <= 0, "delayMs must be 0 to 600000");
    require(times >= 0, "times must be at least 1");
    require(mode != FaultMode.ERRCODE || errcode != 0, "mode errcode needs errcode, not 0");
    require(
        mode != FaultMode.REFUSE || (delay.isZero() && times == 0 && path.isEmpty()),
        "mode refuse takes nothing else: the port is closed until the fault is changed");
    require(status == 0 || (status >= 200 && status <= 599), "status must be 200 to 599");
    require(
        path.isEmpty() || (path.startsWith("/") && !path.startsWith("/sim/")),
        "path must be one of WeChat's, for example /sns/jscode2session");
  }

  /** Returns a fault that hits every call to WeChat's side until it is changed. */
  public static Fault of(FaultMode mode) {
    // Any errcode will do until errcode() names one; -1 is what a busy WeChat says.
    return new Fault(mode, Duration.ZERO, 0, WeChatError.BUSY.errcode(), 0, "", "");
  }

  /** Returns a fault that answers this errcode. */
  public static Fault errcode(int errcode) {
    return new Fault(FaultMode.ERRCODE, Duration.ZERO, 0, errcode, 0, "", "");
  }

  /** Returns a fault that answers with exactly this body. */
  public static Fault raw(String body) {
    return new Fault(FaultMode.RAW, Duration.ZERO, 0, WeChatError.BUSY.errcode(), 0, "", body);
  }

  /** Returns a fault that answers with this HTTP status. */
  public static Fault status(int status) {
    return of(FaultMode.STATUS).withStatus(status);
  }

  /** Returns this fault, ending after so many calls. */
  public Fault times(int newTimes) {
    return new Fault(mode, delay, newTimes, errcode, status, path, body);
  }

  /** Returns this fault with a wait before the answer. */
  public Fault delayed(Duration newDelay) {
    return new Fault(mode, newDelay, times, errcode, status, path, body);
  }

  /** Returns this fault with another HTTP status. */
  public Fault withStatus(int newStatus) {
    return new Fault(mode, delay, times, errcode, newStatus, path, body);
  }

  /** Returns this fault for one path only. */
  public Fault on(String newPath) {
    return new Fault(mode, delay, times, errcode, status, newPath, body);
  }

  /** Reads {@code {"mode","delayMs"?,"times"?,"errcode"?,"status"?,"path"?,"body"?}}. */
  static Fault read(SimulatorRequest request) {
    Fields fields =
        Fields.read(request, "mode", "delayMs", "times", "errcode", "status", "path", "body");
    FaultMode mode = mode(fields.text("mode").orElse(""));
    long times = fields.wholeNumber("times").orElse(0);
    require(fields.wholeNumber("times").isEmpty() || times > 0, "times must be at least 1");
    require(
        mode != FaultMode.RAW || fields.text("body").isPresent(), "mode raw needs body, a string");
    return new Fault(
        mode,
        Duration.ofMillis(fields.wholeNumber("delayMs").orElse(0)),
        wholeInt("times", times),
        wholeInt("errcode", fields.wholeNumber("errcode").orElse(0)),
        wholeInt("status", fields.wholeNumber("status").orElse(0)),
        fields.text("path").orElse(""),
        fields.text("body").orElse(""));
  }

  /** Returns what {@link #read} takes, without the fields that do not matter. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("mode", lowerCase(mode));
    if (!delay.isZero()) {
      json.addProperty("delayMs", delay.toMillis());
    }
    if (times > 0) {
      json.addProperty("times", times);
    }
    if (mode == FaultMode.ERRCODE) {
      json.addProperty("errcode", errcode);
    }
    if (status > 0) {
      json.addProperty("status", status);
    }
    if (!path.isEmpty()) {
      json.addProperty("path", path);
    }
    return json;
  }

  /** Returns whether this is no fault at all. */
  boolean isNone() {
    return mode == FaultMode.OK && delay.isZero();
  }

  private static FaultMode mode(String name) {
    return Arrays.stream(FaultMode.values())
        .filter(mode -> lowerCase(mode).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "mode must be one of "
                        + Arrays.stream(FaultMode.values())
                            .map(Fault::lowerCase)
                            .collect(Collectors.joining(", "))));
  }

  private static String lowerCase(FaultMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  private static int wholeInt(String name, long value) {
    require((int) value == value, name + " is too large");
    return (int) value;
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
