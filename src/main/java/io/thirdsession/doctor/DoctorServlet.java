package io.thirdsession.doctor;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Forwarding;
import io.thirdsession.http.Message;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code GET /api/doctor}: what is right, and what is wrong with its cure. */
public final class DoctorServlet extends ApiServlet {
  private static final String TEXT = "text/plain";
  private static final Message CURE = new Message("；处理：", "; cure: ");

  private final ClientAuthenticator clients;
  private final TrustedProxies proxies;
  private final Doctor doctor;

  /** Makes the servlet. */
  public DoctorServlet(
      Responder responder, ClientAuthenticator clients, TrustedProxies proxies, Doctor doctor) {
    super(responder, "GET", "HEAD");
    this.clients = clients;
    this.proxies = proxies;
    this.doctor = doctor;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    clients.require(request, Scope.MANAGE).requireAllApps();
    Locale locale = RequestFacts.of(request).locale();
    boolean asText =
        Collections.list(request.getHeaders("Accept")).stream()
            .anyMatch(accepted -> accepted.toLowerCase(Locale.ROOT).contains(TEXT));
    Asked asked =
        new Asked(
            request.getContextPath(),
            String.valueOf(request.getServletContext().getVirtualServerName()),
            Forwarding.of(request, proxies));
    return Response.later(
        doctor
            .examine(asked)
            .thenApply(
                found ->
                    asText
                        ? Response.text(TEXT, text(found, locale))
                        : Response.json(new Report(lines(found, locale)))));
  }

  private static List<Line> lines(List<Finding> found, Locale locale) {
    return found.stream()
        .map(
            its ->
                new Line(
                    its.name(),
                    its.status().label(),
                    its.message().in(locale),
                    its.cure().map(cure -> cure.in(locale))))
        .toList();
  }

  private static String text(List<Finding> found, Locale locale) {
    return lines(found, locale).stream()
        .map(
            line ->
                line.status()
                    + ' '
                    + line.name()
                    + ": "
                    + line.message()
                    + line.cure().map(cure -> CURE.in(locale) + cure).orElse(""))
        .map(line -> line.replaceAll("\\p{Cntrl}+", " ") + '\n')
        .collect(Collectors.joining());
  }

  private record Report(List<Line> checks) {}

  private record Line(String name, String status, String message, Optional<String> cure) {}
}
