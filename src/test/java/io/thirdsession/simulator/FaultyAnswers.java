package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.util.Map;

/** The answers of those faults that replace or spoil WeChat's answer. */
final class FaultyAnswers {
  private static final int HUGE_PADDING = 32 * 1024;

  private final WeChatEndpoints weChat;
  private final WeChatAnswers answers;

  FaultyAnswers(WeChatEndpoints weChat, WeChatAnswers answers) {
    this.weChat = weChat;
    this.answers = answers;
  }

  /** Returns the answer to this call under this fault, whole even if it will not arrive so. */
  SimulatorAnswer answer(SimulatorRequest request, Fault fault) {
    return switch (fault.mode()) {
      case OK, DRIP, TRUNCATE -> weChat.answer(request);
      case HUGE -> padded(weChat.answer(request));
      case HANG, RESET -> SimulatorAnswer.text(0, "", "");
      case BUSY -> answers.error(request.path(), WeChatError.BUSY.errcode());
      case ERRCODE -> answers.error(request.path(), fault.errcode());
      case GARBAGE -> SimulatorAnswer.text(200, "text/plain", "{\"session_key\":\"\u0000}<xml>");
      case RAW -> SimulatorAnswer.text(status(fault, 200), "text/plain", fault.body());
      case STATUS ->
          SimulatorAnswer.text(
              status(fault, 500),
              "text/html",
              "<html><body><h1>" + status(fault, 500) + "</h1></body></html>\n");
      case REDIRECT ->
          new SimulatorAnswer(302, "text/html", Map.of("Location", "/elsewhere"), new byte[0]);
    };
  }

  private static SimulatorAnswer padded(SimulatorAnswer answer) {
    JsonObject body = Json.parseObject(answer.bodyText()).orElseThrow();
    body.addProperty("padding", "x".repeat(HUGE_PADDING));
    return SimulatorAnswer.text(answer.status(), answer.contentType(), body.toString());
  }

  private static int status(Fault fault, int otherwise) {
    return fault.status() == 0 ? otherwise : fault.status();
  }
}
