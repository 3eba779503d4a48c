package io.thirdsession.simulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /sim/*}: the phone's side and the simulator's controls, in strict JSON. */
final class PhoneEndpoints {
  private record Endpoint(String method, Function<SimulatorRequest, JsonObject> action) {}

  private final World world;
  private final Phone phone;
  private final Map<String, Endpoint> endpoints;

  PhoneEndpoints(World world, Phone phone) {
    this.world = world;
    this.phone = phone;
    this.endpoints =
        Map.of(
            "/sim/login", new Endpoint("POST", this::login),
            "/sim/phone", new Endpoint("POST", this::phone),
            "/sim/profile", new Endpoint("POST", this::profile),
            "/sim/rotate", new Endpoint("POST", this::rotate),
            "/sim/block", new Endpoint("POST", this::block),
            "/sim/faults", new Endpoint("POST", this::faults),
            "/sim/clock", new Endpoint("POST", this::clock),
            "/sim/calls", new Endpoint("GET", request -> calls()),
            "/sim/reset", new Endpoint("POST", this::reset));
  }

  SimulatorAnswer answer(SimulatorRequest request) {
    Endpoint endpoint = endpoints.get(request.path());
    if (endpoint == null) {
      String known = endpoints.keySet().stream().sorted().collect(Collectors.joining(", "));
      return error(404, "unknown path; known: " + known);
    }
    if (!endpoint.method().equals(request.method())) {
      return error(405, request.path() + " needs " + endpoint.method());
    }
    try {
      return SimulatorAnswer.json(200, endpoint.action().apply(request));
    } catch (IllegalArgumentException | IllegalStateException badInput) {
      return error(400, badInput.getMessage());
    }
  }

  private JsonObject login(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid", "unionid");
    String appId = appId(fields);
    String openId = openId(fields, appId);
    String code = phone.login(appId, openId, fields.text("unionid"));
    JsonObject answer = new JsonObject();
    answer.addProperty("code", code);
    answer.addProperty("appid", appId);
    answer.addProperty("openid", openId);
    return answer;
  }

  private JsonObject phone(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid", "phoneNumber", "countryCode");
    String appId = appId(fields);
    PhoneNumber number =
        PhoneNumber.of(
            fields.text("phoneNumber").orElse(PhoneNumber.DEFAULT.phoneNumber()),
            fields.text("countryCode").orElse(""));
    return phone.phone(appId, openId(fields, appId), number).toJson();
  }

  private JsonObject profile(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid", "userInfo");
    String appId = appId(fields);
    JsonObject userInfo = fields.object("userInfo").orElseGet(Phone::anonymousUserInfo);
    return phone.profile(appId, openId(fields, appId), userInfo).toJson();
  }

  private JsonObject rotate(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid");
    String appId = appId(fields);
    phone.rotateKeyAtNextLogin(appId, openId(fields, appId));
    return new JsonObject();
  }

  private JsonObject block(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid", "blocked");
    String appId = appId(fields);
    phone.block(appId, openId(fields, appId), fields.flag("blocked").orElse(true));
    return new JsonObject();
  }

  private JsonObject faults(SimulatorRequest request) {
    world.faults().set(Fault.read(request));
    return new JsonObject();
  }

  private JsonObject clock(SimulatorRequest request) {
    long seconds = Fields.read(request, "advanceSeconds").wholeNumber("advanceSeconds").orElse(-1);
    if (seconds < 0) {
      throw new IllegalArgumentException("advanceSeconds must be a whole number, 0 or more");
    }
    world.clock().advance(Duration.ofSeconds(seconds));
    JsonObject answer = new JsonObject();
    answer.addProperty("now", world.clock().instant().toString());
    return answer;
  }

  private JsonObject calls() {
    JsonArray calls = new JsonArray();
    world.calls().all().forEach(call -> calls.add(call.toMaskedJson()));
    JsonObject answer = new JsonObject();
    answer.add("calls", calls);
    return answer;
  }

  private JsonObject reset(SimulatorRequest request) {
    Fields.read(request);
    world.clear();
    return new JsonObject();
  }

  private String appId(Fields fields) {
    String appId = fields.text("appid").orElseGet(world.apps()::first);
    world.apps().requireKnown(appId);
    return appId;
  }

  private static String openId(Fields fields, String appId) {
    return fields.text("openid").orElseGet(() -> Users.defaultOpenId(appId));
  }

  private static SimulatorAnswer error(int status, String message) {
    JsonObject body = new JsonObject();
    body.addProperty("error", message);
    return SimulatorAnswer.json(status, body);
  }
}
