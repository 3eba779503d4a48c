package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.util.Map;

/** The answers of those faults that replace or spoil WeChat's answer. */
final class FaultyResponses {
  private static final int HUGE_PADDING = 32 * 1024;

  private final WeChatEndpoints weChat;
  private final WeChatResponses responses;

  FaultyResponses(WeChatEndpoints weChat, WeChatResponses responses) {
    this.weChat = weChat;
    this.responses = responses;
  }

  /** Returns the answer to this call under this fault, whole even if it will not arrive so. */
  SimulatorResponse answer(SimulatorRequest request, Fault fault) {
    return switch (fault.mode()) {
      case OK, DRIP, TRUNCATE -> weChat.answer(request);
      case HUGE -> padded(weChat.answer(request));
      // A call that was on its way when the port closed ends as one that is reset.
      case HANG, RESET, REFUSE -> SimulatorResponse.text(0, "", "");
      case BUSY -> responses.error(request.path(), WeChatError.BUSY.errcode());
      case ERRCODE -> responses.error(request.path(), fault.errcode());
      case GARBAGE -> SimulatorResponse.text(200, "text/plain", "{\"session_key\":\"\u0000}<xml>");
      case RAW -> SimulatorResponse.text(status(fault, 200), "text/plain", fault.body());
      case STATUS ->
          SimulatorResponse.text(
              status(fault, 500),
              "text/html",
              "<html><body><h1>" + status(fault, 500) + "</h1></body></html>\n");
      case REDIRECT ->
          new SimulatorResponse(302, "text/html", Map.of("Location", "/elsewhere"), new byte[0]);
    };
  }

  private static SimulatorResponse padded(SimulatorResponse response) {
    JsonObject body = Json.parseObject(response.bodyText()).orElseThrow();
    body.addProperty("padding", "x".repeat(HUGE_PADDING));
    return SimulatorResponse.text(response.status(), response.contentType(), body.toString());
  }

  private static int status(Fault fault, int otherwise) {
    return fault.status() == 0 ? otherwise : fault.status();
  }
}
