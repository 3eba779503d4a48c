package io.thirdsession.http;

import io.thirdsession.Throttle;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies in front of us (TRUSTED_PROXIES), whose word counts for where a request comes from.
 * Thread-safe.
 */
public final class TrustedProxies {
  private static final Network UNIQUE_LOCAL = Network.parse("fc00::/7");

  /** Where clouds have their load balancers (RFC 6598). */
  private static final Network SHARED = Network.parse("100.64.0.0/10");

  private static final int IPV6_LENGTH = 16;
  private static final Logger log = LoggerFactory.getLogger(TrustedProxies.class);

  private final List<Network> networks;
  private final Throttle throttle = new Throttle(Duration.ofHours(1));

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * Returns the proxies in this list of IP addresses and networks, such as {@code 10.0.0.0/8,::1};
   * an empty list trusts nobody.
   *
   * @throws IllegalArgumentException naming the first entry that is neither
   */
  public static TrustedProxies parse(String list) {
    List<Network> networks = new ArrayList<>();
    for (String entry : list.split(",", -1)) {
      if (!entry.isBlank()) {
        networks.add(Network.parse(entry.strip()));
      }
    }
    return new TrustedProxies(networks);
  }

  /** Returns whether the request came straight from a trusted proxy. */
  boolean isTrusted(HttpServletRequest request) {
    return isTrusted(request.getRemoteAddr());
  }

  /**
   * Returns the IP address of the client: the right-most in {@code X-Forwarded-For} that is not a
   * trusted proxy's, if the request came from one; else the IP address that it came from.
   */
  public String clientAddress(HttpServletRequest request) {
    String peer = request.getRemoteAddr();
    Optional<InetAddress> parsed = Network.addressIn(peer);
    String address = parsed.map(InetAddress::getHostAddress).orElse("unknown");
    if (parsed.filter(this::isTrusted).isEmpty()) {
      return address;
    }
    List<String> headers = Collections.list(request.getHeaders("X-Forwarded-For"));
    for (int i = headers.size() - 1; i >= 0; i--) {
      @Nullable String rest = headers.get(i);
      while (rest != null) {
        int comma = rest.lastIndexOf(',');
        Optional<InetAddress> hop = Network.addressOfHop(rest.substring(comma + 1).strip());
        if (hop.isEmpty()) {
          warnOfHop(peer);
          return address; // what stands left of nonsense is no better
        }
        address = hop.get().getHostAddress();
        if (!isTrusted(hop.get())) {
          return address;
        }
        rest = comma < 0 ? null : rest.substring(0, comma);
      }
    }
    return address;
  }

  private void warnOfHop(String peer) {
    if (throttle.isDue("hop")) {
      log.warn(
          "X-Forwarded-For cannot be read: the proxy at {} sends something other than IP addresses,"
              + " so its clients are counted together",
          peer);
    }
  }

  /**
   * Returns what requests of this client are counted by; empty while no proxy is listed and one
   * nearby speaks for others, for then all of them would share one count. Once any is listed, an
   * unlisted one is counted as what it is: one client. Either is said once an hour.
   */
  Optional<String> limitedAddress(HttpServletRequest request, String clientAddress) {
    if (isUnlistedProxy(request)) {
      warnOfProxy(request.getRemoteAddr());
      if (networks.isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(
        Network.addressIn(clientAddress).map(TrustedProxies::household).orElse(clientAddress));
  }

  private boolean isUnlistedProxy(HttpServletRequest request) {
    return request.getHeaders("X-Forwarded-For").hasMoreElements()
        && Network.addressIn(request.getRemoteAddr())
            .filter(peer -> isNearby(peer) && !isTrusted(peer))
            .isPresent();
  }

  private void warnOfProxy(String peer) {
    if (!throttle.isDue("proxy")) {
      return;
    }
    if (networks.isEmpty()) {
      log.warn(
          "IP addresses are not limited: a proxy at {} sends X-Forwarded-For, list it in"
              + " TRUSTED_PROXIES",
          peer);
    } else {
      log.warn(
          "the clients of a proxy at {} are counted together: it sends X-Forwarded-For, list it in"
              + " TRUSTED_PROXIES",
          peer);
    }
  }

  /** One household has all IPv6 addresses that begin with the same 64 bits. */
  private static String household(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPV6_LENGTH
        ? HexFormat.of().formatHex(bytes, 0, IPV6_LENGTH / 2)
        : address.getHostAddress();
  }

  private static boolean isNearby(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || UNIQUE_LOCAL.contains(address)
        || SHARED.contains(address);
  }

  private boolean isTrusted(String address) {
    return Network.addressIn(address).filter(this::isTrusted).isPresent();
  }

  private boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }
}
