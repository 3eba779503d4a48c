package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Map;

/**
 * A call that WeChat's side received, secrets included.
 *
 * @param time by the simulator's clock
 * @param query decoded parameters
 * @param headers names in lower case
 * @param status the HTTP status that was sent; 0 if a fault let the call go unanswered
 * @param response the body that was meant to be sent, whole even if a fault cut it
 */
public record RecordedCall(
    Instant time,
    String method,
    String path,
    String rawQuery,
    Map<String, String> query,
    Map<String, String> headers,
    String body,
    int status,
    String response) {

  static RecordedCall of(Instant time, SimulatorRequest request, SimulatorResponse response) {
    return new RecordedCall(
        time,
        request.method(),
        request.path(),
        request.rawQuery(),
        request.query(),
        request.headers(),
        request.bodyText(),
        response.status(),
        response.bodyText());
  }

  /** Returns the call as {@code /sim/calls} shows it: AppSecrets, tokens and keys are "***". */
  JsonObject toMaskedJson() {
    JsonObject parameters = new JsonObject();
    query.forEach((name, value) -> parameters.addProperty(name, Masking.value(name, value)));
    JsonObject json = new JsonObject();
    json.addProperty("time", time.toString());
    json.addProperty("method", method);
    json.addProperty("path", path);
    json.addProperty("rawQuery", Masking.rawQuery(rawQuery));
    json.add("query", parameters);
    json.addProperty("body", Masking.body(body));
    json.addProperty("status", status);
    json.addProperty("answer", Masking.body(response));
    return json;
  }

  /** Leaves out query, body and answer, which hold secrets. */
  @Override
  public String toString() {
    return time + " " + method + " " + path + " -> " + status;
  }
}
