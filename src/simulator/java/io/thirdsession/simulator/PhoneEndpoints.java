package io.thirdsession.simulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code /sim/*}: the phone's side and the simulator's controls, in strict JSON. */
final class PhoneEndpoints {
  private final World world;
  private final Phone phone;
  private final PushEndpoint pushes;
  private final Map<String, Map<String, Function<SimulatorRequest, JsonObject>>> endpoints =
      new HashMap<>();

  PhoneEndpoints(World world, Phone phone) {
    this.world = world;
    this.phone = phone;
    this.pushes = new PushEndpoint(world);
    endpoints.put("/sim/login", Map.of("POST", this::login));
    endpoints.put("/sim/session", Map.of("POST", this::session));
    endpoints.put("/sim/phone", Map.of("POST", this::phone));
    endpoints.put("/sim/profile", Map.of("POST", this::profile));
    endpoints.put("/sim/push", Map.of("POST", this::push));
    endpoints.put("/sim/rotate", Map.of("POST", this::rotate));
    endpoints.put("/sim/block", Map.of("POST", this::block));
    endpoints.put("/sim/faults", Map.of("GET", request -> faultsInForce(), "POST", this::faults));
    endpoints.put("/sim/clock", Map.of("POST", this::clock));
    endpoints.put("/sim/calls", Map.of("GET", request -> calls()));
    endpoints.put("/sim/reset", Map.of("POST", this::reset));
  }

  SimulatorResponse answer(SimulatorRequest request) {
    Map<String, Function<SimulatorRequest, JsonObject>> byMethod = endpoints.get(request.path());
    if (byMethod == null) {
      String known = endpoints.keySet().stream().sorted().collect(Collectors.joining(", "));
      return error(404, "unknown path; known: " + known);
    }
    Function<SimulatorRequest, JsonObject> action = byMethod.get(request.method());
    if (action == null) {
      String methods = byMethod.keySet().stream().sorted().collect(Collectors.joining(" or "));
      return error(405, request.path() + " needs " + methods);
    }
    try {
      return SimulatorResponse.json(200, action.apply(request));
    } catch (IllegalArgumentException | IllegalStateException badInput) {
      return error(400, badInput.getMessage());
    }
  }

  /** The same, of a call that came by WeChat's own port: it must not shut that on itself. */
  SimulatorResponse answerOnOwnPort(SimulatorRequest request) {
    boolean closes = request.path().equals("/sim/faults") && request.method().equals("POST");
    return closes && asksToRefuse(request)
        ? error(400, "mode refuse would close this port for good; ask the server that you start")
        : answer(request);
  }

  private static boolean asksToRefuse(SimulatorRequest request) {
    return Json.parseObject(request.bodyText())
        .map(body -> Json.textOrEmpty(body, "mode").equals("refuse"))
        .orElse(false);
  }

  private JsonObject login(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid", "unionid");
    String appId = appId(fields);
    String openId = openId(fields, appId);
    String code = phone.login(appId, openId, fields.text("unionid"));
    JsonObject response = new JsonObject();
    response.addProperty("code", code);
    response.addProperty("appid", appId);
    response.addProperty("openid", openId);
    return response;
  }

  private JsonObject session(SimulatorRequest request) {
    Fields fields = Fields.read(request, "appid", "openid");
    String appId = appId(fields);
    JsonObject response = new JsonObject();
    response.addProperty("valid", phone.hasSessionKey(appId, openId(fields, appId)));
    return response;
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

  private JsonObject push(SimulatorRequest request) {
    Fields fields =
        Fields.read(
            request,
            "appid",
            "openid",
            "event",
            "revokeInfo",
            "url",
            "token",
            "aesKey",
            "mode",
            "format");
    String appId = appId(fields);
    return pushes.push(appId, openId(fields, appId), fields);
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

  private JsonObject faultsInForce() {
    JsonArray faults = new JsonArray();
    world.faults().all().forEach(fault -> faults.add(fault.toJson()));
    JsonArray blocked = new JsonArray();
    phone.blocked().forEach(user -> blocked.add(user.toJson()));
    JsonObject response = new JsonObject();
    response.add("faults", faults);
    response.add("blocked", blocked);
    return response;
  }

  private JsonObject clock(SimulatorRequest request) {
    long seconds = Fields.read(request, "advanceSeconds").wholeNumber("advanceSeconds").orElse(-1);
    if (seconds < 0) {
      throw new IllegalArgumentException("advanceSeconds must be a whole number, 0 or more");
    }
    world.clock().advance(Duration.ofSeconds(seconds));
    JsonObject response = new JsonObject();
    response.addProperty("now", world.clock().instant().toString());
    return response;
  }

  private JsonObject calls() {
    JsonArray calls = new JsonArray();
    world.calls().all().forEach(call -> calls.add(call.toMaskedJson()));
    JsonObject response = new JsonObject();
    response.add("calls", calls);
    return response;
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

  private static SimulatorResponse error(int status, String message) {
    JsonObject body = new JsonObject();
    body.addProperty("error", message);
    return SimulatorResponse.json(status, body);
  }
}
