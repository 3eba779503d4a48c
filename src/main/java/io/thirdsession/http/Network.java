package io.thirdsession.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits, in CIDR notation such as {@code 10.0.0.0/8}.
 *
 * @param address the bits, and others behind them that do not count
 * @param bits how many
 */
record Network(InetAddress address, int bits) {
  /** The longest literal: IPv6 with an IPv4 address in its last 32 bits (RFC 4291 §2.2). */
  private static final int MAX_LITERAL_LENGTH = 45;

  private static final int MAX_SCOPE_LENGTH = 32;

  private static final int OCTETS = 4;

  private static final Pattern IPV6_DIGITS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  /**
   * Returns the network in this text; an IP address alone is a network of one.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  static Network parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = addressIn(slash < 0 ? text : text.substring(0, slash));
    if (address.isPresent()) {
      int all = address.get().getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? all : bitsIn(text.substring(slash + 1));
      if (bits >= 0 && bits <= all) {
        return new Network(address.get(), bits);
      }
    }
    throw new IllegalArgumentException(text + " must be an IP address or a network");
  }

  /**
   * Returns the IP address in this text, which may stand in brackets and have a scope; empty if it
   * is anything else. Nothing is looked up, and a long text is not looked at.
   */
  static Optional<InetAddress> addressIn(String text) {
    if (text.length() > MAX_LITERAL_LENGTH + MAX_SCOPE_LENGTH) {
      return Optional.empty();
    }
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    int scope = bare.indexOf('%');
    String literal = scope < 0 ? bare : bare.substring(0, scope);
    try {
      if (literal.indexOf(':') < 0) {
        byte[] octets = octets(literal);
        return octets.length == OCTETS
            ? Optional.of(InetAddress.getByAddress(octets))
            : Optional.empty();
      }
      return IPV6_DIGITS.matcher(literal).matches()
          ? Optional.of(InetAddress.getByName(literal))
          : Optional.empty();
    } catch (UnknownHostException ignored) { // it looked like an IPv6 address and is not
      return Optional.empty();
    }
  }

  /**
   * Returns the IP address in an entry of {@code X-Forwarded-For}, behind which some proxies put
   * the port (RFC 7239 §6): {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}.
   */
  static Optional<InetAddress> addressOfHop(String hop) {
    int colon = hop.lastIndexOf(':');
    boolean hasPort = colon > 0 && (hop.charAt(colon - 1) == ']' || hop.indexOf(':') == colon);
    return addressIn(hasPort ? hop.substring(0, colon) : hop);
  }

  /**
   * Returns the four octets of an IPv4 address as people write it, or none: no octet above 255,
   * none with a zero in front, which some read octal. By hand, for every request has such an
   * address.
   */
  private static byte[] octets(String literal) {
    byte[] octets = new byte[OCTETS];
    int count = 0;
    int octet = -1; // no digit yet
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c >= '0' && c <= '9' && octet != 0) {
        octet = Math.max(0, octet) * 10 + (c - '0');
      } else if (c == '.' && octet >= 0 && count < OCTETS - 1) {
        octets[count++] = (byte) octet;
        octet = -1;
      } else {
        return new byte[0];
      }
      if (octet > 255) {
        return new byte[0];
      }
    }
    if (octet < 0 || count < OCTETS - 1) {
      return new byte[0];
    }
    octets[count] = (byte) octet;
    return octets;
  }

  private static int bitsIn(String text) {
    return BITS.matcher(text).matches() ? Integer.parseInt(text) : -1;
  }

  /** Returns whether the address begins with these bits; never for one of the other IP version. */
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
