package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.128.0.0/9, 10.128.0.1, true",
    "10.128.0.0/9, 10.127.255.255, false",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3/32, 10.1.2.3, true",
    "10.1.2.3/32, 10.1.2.2, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "fc00::/7, fdff::1, true",
    "fc00::/7, fe00::1, false",
    "2001:db8::/127, 2001:db8::1, true",
    "2001:db8::/127, 2001:db8::2, false",
  })
  void containsWhatBeginsWithItsBits(String network, String address, boolean contains) {
    assertEquals(contains, Network.parse(network).contains(address(address)));
  }

  @Test
  void anAddressAloneIsANetworkOfOne() {
    assertEquals(32, Network.parse("10.0.0.1").bits());
    assertEquals(128, Network.parse("::1").bits());
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0/0, ::1", "::/0, 127.0.0.1"})
  void doesNotContainTheOtherVersionsAddresses(String network, String address) {
    assertEquals(false, Network.parse(network).contains(address(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/",
        "10.0.0.0/99999999999",
        "::1/129",
        "localhost",
        "localhost/8",
        "999.1.1.1",
        "256.1.1.1",
        "1.1.1.256",
        "1.1.1.99999999999",
        "1.1.1",
        "1.1.1.",
        ".1.1.1",
        "1..1.1",
        "1.1.1.1.1",
        "01.1.1.1",
        "1.1.1.00",
        "1.1.1.-1",
        "1.1.1.١",
        ""
      })
  void refusesWhatIsNeither(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Network.parse(text));

    assertEquals(text + " must be an IP address or a network", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.3.4",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1",
    "[2001:db8::1], 2001:db8:0:0:0:0:0:1",
    "fe80::1%eth0, fe80:0:0:0:0:0:0:1",
    "[fe80::1%eth0], fe80:0:0:0:0:0:0:1",
    "::ffff:1.2.3.4, 1.2.3.4",
  })
  void readsAddressesInEveryForm(String text, String address) {
    assertEquals(address, address(text).getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "1.2.3", "256.1.1.1", ":::", ".:", "1.2.3.4:80", "", "[]"})
  void takesNothingElseForAnAddressAndLooksNothingUp(String text) {
    assertEquals(Optional.empty(), Network.addressIn(text));
  }

  private static InetAddress address(String text) {
    return Network.addressIn(text).orElseThrow();
  }
}
