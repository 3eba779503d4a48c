package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies in front of us (TRUSTED_PROXIES), whose word counts for where a request comes from.
 * Thread-safe.
 */
public final class TrustedProxies {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** What may be an address; never a name, for that would be looked up. */
  private static final Pattern LITERAL =
      Pattern.compile(OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:][0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|::");

  private static final int IPV6_LENGTH = 16;
  private static final Logger log = LoggerFactory.getLogger(TrustedProxies.class);

  private final List<Network> networks;
  private final Notices notices = new Notices(Duration.ofHours(1));

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * Returns the proxies in this list of addresses and networks, such as {@code 10.0.0.0/8,::1}; an
   * empty text trusts nobody.
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
   * Returns the address of the client: the right-most in {@code X-Forwarded-For} that is not a
   * trusted proxy's, if the request came from one; else the address that it came from.
   */
  public String clientAddress(HttpServletRequest request) {
    String peer = request.getRemoteAddr();
    String address = address(peer).map(InetAddress::getHostAddress).orElse("unknown");
    if (!isTrusted(address)) {
      return address;
    }
    List<String> hops = new ArrayList<>();
    for (String header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      for (String hop : header.split(",", -1)) {
        hops.add(hop.strip());
      }
    }
    Collections.reverse(hops);
    for (String hop : hops) {
      Optional<InetAddress> parsed = address(hop);
      if (parsed.isEmpty()) {
        return address; // what stands left of nonsense is worth no more
      }
      address = parsed.get().getHostAddress();
      if (!isTrusted(address)) {
        return address;
      }
    }
    return address;
  }

  /**
   * Returns what requests of this client are counted by; empty while a proxy nearby speaks for
   * others and is not trusted, for then all of them would share one count. That is said once an
   * hour.
   */
  Optional<String> limitedAddress(HttpServletRequest request, String clientAddress) {
    Optional<InetAddress> peer = address(request.getRemoteAddr());
    if (request.getHeaders("X-Forwarded-For").hasMoreElements()
        && peer.isPresent()
        && isNearby(peer.get())
        && !isTrusted(request)) {
      if (notices.isDue("")) {
        log.warn(
            "addresses are not limited: a proxy at {} sends X-Forwarded-For, list it in"
                + " TRUSTED_PROXIES",
            peer.get().getHostAddress());
      }
      return Optional.empty();
    }
    return Optional.of(address(clientAddress).map(TrustedProxies::network).orElse(clientAddress));
  }

  /** One household has all addresses that begin with the same 64 bits of IPv6. */
  private static String network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPV6_LENGTH
        ? HexFormat.of().formatHex(bytes, 0, IPV6_LENGTH / 2)
        : address.getHostAddress();
  }

  private static boolean isNearby(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == IPV6_LENGTH && (bytes[0] & 0xFE) == 0xFC; // fc00::/7
    boolean shared = // 100.64.0.0/10 (RFC 6598), where clouds have their balancers
        bytes.length != IPV6_LENGTH && bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || uniqueLocal
        || shared;
  }

  private boolean isTrusted(String address) {
    Optional<InetAddress> parsed = address(address);
    return parsed.isPresent() && networks.stream().anyMatch(n -> n.contains(parsed.get()));
  }

  private static Optional<InetAddress> address(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    int scope = bare.indexOf('%');
    String literal = scope < 0 ? bare : bare.substring(0, scope);
    if (!LITERAL.matcher(literal).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** The addresses that begin with the same bits. */
  private record Network(InetAddress address, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      String literal = slash < 0 ? text : text.substring(0, slash);
      InetAddress address =
          TrustedProxies.address(literal)
              .orElseThrow(() -> new IllegalArgumentException(text + " is no address or network"));
      int all = address.getAddress().length * Byte.SIZE;
      try {
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits >= 0 && bits <= all) {
          return new Network(address, bits);
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IllegalArgumentException(text + " is no address or network");
    }

    boolean contains(InetAddress other) {
      byte[] mine = address.getAddress();
      byte[] theirs = other.getAddress();
      if (mine.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if ((mine[bit / Byte.SIZE] & mask) != (theirs[bit / Byte.SIZE] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
