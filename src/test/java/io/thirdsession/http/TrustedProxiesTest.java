package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.CpuTime;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private final TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8, 192.168.1.7,fd00::/8");

  @Test
  void believesNobodyByDefault() {
    HttpServletRequest request = request("127.0.0.1", "1.2.3.4");

    assertEquals("127.0.0.1", TrustedProxies.parse("").clientAddress(request));
  }

  @Test
  void takesTheRightMostAddressThatIsNoProxy() {
    assertEquals("1.2.3.4", proxies.clientAddress(request("10.1.1.1", "9.9.9.9, 1.2.3.4")));
    assertEquals(
        "1.2.3.4", proxies.clientAddress(request("10.1.1.1", "9.9.9.9, 1.2.3.4, 192.168.1.7")));
  }

  @Test
  void readsSeveralHeadersAsOne() {
    assertEquals("1.2.3.4", proxies.clientAddress(request("10.1.1.1", "9.9.9.9", "1.2.3.4")));
  }

  @Test
  void takesNoWordFromAPeerThatIsNoProxy() {
    assertEquals("11.1.1.1", proxies.clientAddress(request("11.1.1.1", "1.2.3.4")));
    assertEquals("192.168.1.8", proxies.clientAddress(request("192.168.1.8", "1.2.3.4")));
  }

  @Test
  void countsClientsByTheirAddressAndHouseholdsByTheirNetwork() {
    assertEquals(Optional.of("1.2.3.4"), limited(request("10.1.1.1", "1.2.3.4")));
    assertEquals(Optional.of("20010db800010002"), limited(request("10.1.1.1", "2001:db8:1:2::9")));
    assertEquals(Optional.of("11.1.1.1"), limited(request("11.1.1.1", "1.2.3.4")));
    assertEquals(Optional.of("127.0.0.1"), limited(request("127.0.0.1")));
    assertEquals(Optional.of("100.128.0.1"), limited(request("100.128.0.1", "1.2.3.4")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "192.168.1.8",
        "172.16.0.1",
        "::1",
        "fc00::1",
        "fe80::1",
        "100.64.0.1"
      })
  void countsNobodyBehindAProxyNearbyWhileNoneIsListed(String peer) {
    TrustedProxies none = TrustedProxies.parse("");
    HttpServletRequest request = request(peer, "1.2.3.4");

    assertEquals(Optional.empty(), none.limitedAddress(request, none.clientAddress(request)));
  }

  /** Else any neighbour could escape every limit by a header. */
  @Test
  void countsAProxyThatIsNotListedAsOneClientOnceAnyIs() {
    assertEquals(Optional.of("192.168.1.8"), limited(request("192.168.1.8", "1.2.3.4")));
    assertEquals(Optional.of("127.0.0.1"), limited(request("127.0.0.1", "1.2.3.4")));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:56789, 1.2.3.4",
    "[2001:db8::1]:443, 2001:db8:0:0:0:0:0:1",
    "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
  })
  void readsAHopThatHasAPort(String hop, String address) {
    assertEquals(address, proxies.clientAddress(request("10.1.1.1", "9.9.9.9, " + hop)));
  }

  @ParameterizedTest
  @ValueSource(strings = {":", "1:", "1,", "0.0.", "f%", "[", "::,10.1.1.1,"})
  void readsTheLongestHeaderAtOnce(String part) {
    String worst = part.repeat(65_536 / part.length());

    Duration all =
        CpuTime.of(
            () -> {
              for (int i = 0; i < 50; i++) {
                proxies.clientAddress(request("10.1.1.1", worst + "!"));
                proxies.clientAddress(request("10.1.1.1", worst));
              }
            });

    assertTrue(all.toMillis() < 1_000, all.toString());
  }

  private Optional<String> limited(HttpServletRequest request) {
    return proxies.limitedAddress(request, proxies.clientAddress(request));
  }

  @Test
  void takesTheProxyItselfWhereItSaysNothing() {
    assertEquals("10.1.1.1", proxies.clientAddress(request("10.1.1.1")));
  }

  @Test
  void takesTheLeftMostWhereAllAreProxies() {
    assertEquals("10.9.9.9", proxies.clientAddress(request("10.1.1.1", "10.9.9.9, 10.2.2.2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "evil.example.com",
        "",
        "1.2.3",
        "999.1.1.1",
        ".:",
        "256.1.1.1",
        "<script>"
      })
  void stopsAtWhatIsNoAddress(String nonsense) {
    assertEquals("10.1.1.1", proxies.clientAddress(request("10.1.1.1", "9.9.9.9, " + nonsense)));
  }

  @Test
  void readsIpv6InEveryForm() {
    assertTrue(proxies.isTrusted(request("fd00:0:0:0:0:0:0:1")));
    assertTrue(proxies.isTrusted(request("fd00::1%eth0")));
    assertFalse(proxies.isTrusted(request("fe80::1")));
    assertEquals(
        "2001:db8:0:0:0:0:0:1", proxies.clientAddress(request("10.1.1.1", "[2001:db8::1]")));
  }

  @Test
  void writesThePeersAddressWithoutBracketsAndScope() {
    assertEquals("0:0:0:0:0:0:0:1", proxies.clientAddress(request("[0:0:0:0:0:0:0:1]")));
    assertEquals("fe80:0:0:0:0:0:0:1", proxies.clientAddress(request("[fe80::1%averylongname0]")));
    assertEquals("unknown", proxies.clientAddress(request("@unix-socket")));
  }

  @Test
  void countsBitsExactly() {
    TrustedProxies odd = TrustedProxies.parse("10.128.0.0/9");

    assertTrue(odd.isTrusted(request("10.128.0.1")));
    assertFalse(odd.isTrusted(request("10.127.255.255")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "localhost",
        "::1/129",
        "a",
        "999.1.1.1"
      })
  void refusesEntriesThatAreNoNetwork(String entry) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> TrustedProxies.parse("10.0.0.1," + entry));

    assertEquals(entry + " must be an IP address or a network", e.getMessage());
  }

  private static HttpServletRequest request(String peer, String... forwardedFor) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            TrustedProxiesTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRemoteAddr" -> peer;
                  case "getHeaders" -> Collections.enumeration(List.of(forwardedFor));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
