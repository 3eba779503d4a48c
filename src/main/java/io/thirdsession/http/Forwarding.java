package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the proxies on the way of a request did to it.
 *
 * @param peer the IP address that it came straight from
 * @param trusted whether TRUSTED_PROXIES lists that address
 * @param headers whether it bears {@code X-Forwarded-For}
 * @param readable whether each entry of that header is an IP address, perhaps with a port
 * @param ports whether an entry has a port
 */
public record Forwarding(
    String peer, boolean trusted, boolean headers, boolean readable, boolean ports) {

  /** Returns what was done to this request. */
  public static Forwarding of(HttpServletRequest request, TrustedProxies proxies) {
    List<String> hops = new ArrayList<>();
    for (String header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      for (String hop : header.split(",", -1)) {
        hops.add(hop.strip());
      }
    }
    Optional<String> peer =
        Network.addressIn(request.getRemoteAddr()).map(InetAddress::getHostAddress);
    return new Forwarding(
        peer.orElse("unknown"),
        proxies.isTrusted(request),
        !hops.isEmpty(),
        hops.stream().allMatch(hop -> Network.addressOfHop(hop).isPresent()),
        hops.stream().anyMatch(Forwarding::hasPort));
  }

  private static boolean hasPort(String hop) {
    return Network.addressIn(hop).isEmpty() && Network.addressOfHop(hop).isPresent();
  }
}
