package io.thirdsession.development;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * Asks the server's own doctor as the service client that was made for the developer, so that the
 * page needs no secret. A developer's own clients are theirs: there is no doctor on the page then.
 */
final class DevelopmentDoctorServlet extends HttpServlet {
  /** Somewhat more than the doctor takes. */
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String authorization;

  DevelopmentDoctorServlet(String clientId, String secret) {
    byte[] pair = (clientId + ':' + secret).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    URI doctor = URI.create("http://127.0.0.1:" + request.getLocalPort() + "/api/doctor");
    HttpRequest asked =
        HttpRequest.newBuilder(doctor)
            .timeout(PATIENCE)
            .header("Authorization", authorization)
            .header(
                "Accept-Language",
                Optional.ofNullable(request.getHeader("Accept-Language")).orElse("zh"))
            .build();
    try {
      HttpResponse<byte[]> said = client.send(asked, BodyHandlers.ofByteArray());
      response.setStatus(said.statusCode());
      response.setContentType("application/json;charset=utf-8");
      response.setHeader("Cache-Control", "no-store");
      response.getOutputStream().write(said.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
  }
}
