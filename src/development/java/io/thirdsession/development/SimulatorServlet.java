package io.thirdsession.development;

import io.thirdsession.http.RequestBody;
import io.thirdsession.simulator.SimulatorRequest;
import io.thirdsession.simulator.SimulatorResponse;
import io.thirdsession.simulator.WeChatSimulator;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Serves the phone's side of the simulator on the server's own port: one address for everything.
 */
final class SimulatorServlet extends HttpServlet {
  private final WeChatSimulator simulator;

  SimulatorServlet(WeChatSimulator simulator) {
    this.simulator = simulator;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, request.getHeader(name));
    }
    String query = request.getQueryString();
    SimulatorResponse answer =
        simulator.handle(
            new SimulatorRequest(
                request.getMethod(),
                request.getRequestURI(),
                query == null ? "" : query,
                headers,
                RequestBody.read(request)));
    response.setStatus(answer.status());
    response.setContentType(answer.contentType());
    answer.headers().forEach(response::setHeader);
    response.getOutputStream().write(answer.body());
  }
}
