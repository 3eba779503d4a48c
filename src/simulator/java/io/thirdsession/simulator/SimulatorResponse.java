package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP answer, for whichever server sends it.
 *
 * @param headers further headers; Content-Type and Content-Length are not among them
 */
public record SimulatorResponse(
    int status, String contentType, Map<String, String> headers, byte[] body) {

  public SimulatorResponse {
    headers = Map.copyOf(headers);
    body = body.clone();
  }

  static SimulatorResponse text(int status, String contentType, String body) {
    return new SimulatorResponse(
        status, contentType, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  static SimulatorResponse json(int status, JsonObject body) {
    return text(status, "application/json; charset=utf-8", body.toString());
  }

  /** Returns this answer with one header more. */
  SimulatorResponse with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new SimulatorResponse(status, contentType, all, body);
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  /** Returns the body read as UTF-8. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Leaves out the body, which may hold secrets. */
  @Override
  public String toString() {
    return status + " " + contentType + ", " + body.length + " bytes";
  }
}
