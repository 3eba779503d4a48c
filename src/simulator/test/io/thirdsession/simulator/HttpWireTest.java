package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpWireTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void readsMethodPathQueryAndHeaders() throws IOException {
    SimulatorRequest request = read("GET /a/b?c=d?e HTTP/1.1\r\nX-Name:  v \r\n\r\n");

    assertEquals("GET", request.method());
    assertEquals("/a/b", request.path());
    assertEquals("c=d?e", request.rawQuery());
    assertEquals("v", request.headers().get("x-name"));
  }

  @Test
  void readsABodyOfTheAnnouncedLength() throws IOException {
    InputStream in =
        stream("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n");

    assertEquals("abc", HttpWire.read(in, out).orElseThrow().bodyText());
    assertEquals("GET", HttpWire.read(in, out).orElseThrow().method());
    assertEquals(Optional.empty(), HttpWire.read(in, out));
  }

  @Test
  void readsABodyInChunks() throws IOException {
    SimulatorRequest request =
        read(
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n");

    assertEquals("abc0123456789", request.bodyText());
  }

  @Test
  void tellsACallerThatWaitsToGoOn() throws IOException {
    read("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na");

    assertEquals("HTTP/1.1 100 Continue\r\n\r\n", out.toString(StandardCharsets.US_ASCII));
  }

  @Test
  void keepsTheConnectionAsTheCallerAsks() throws IOException {
    assertTrue(HttpWire.keepsOpen(read("GET / HTTP/1.1\r\n\r\n")));
    assertFalse(HttpWire.keepsOpen(read("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n")));
    assertFalse(HttpWire.keepsOpen(read("GET / HTTP/1.0\r\n\r\n")));
    assertTrue(HttpWire.keepsOpen(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nnocolon\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      })
  void refusesWhatIsNotHttp(String text) {
    assertThrows(ProtocolException.class, () -> read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "G / HTTP/1.1\r\nContent-Length: 2\r\n\r\na"
      })
  void doesNotTakeACutRequestForAWholeOne(String text) {
    assertThrows(EOFException.class, () -> read(text));
  }

  @Test
  void decodesTheQueryAndLetsTheFirstOfTwoValuesCount() throws IOException {
    SimulatorRequest request = read("GET /?a=%2B+b&a=2&flag&%63=%zz HTTP/1.1\r\n\r\n");

    assertEquals("+ b", request.parameter("a"));
    assertEquals("", request.parameter("flag"));
    assertEquals("%zz", request.parameter("c"));
  }

  @Test
  void keepsItsBodyFromTheCallersHands() throws IOException {
    SimulatorRequest request = read("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\na");

    request.body()[0] = 'b';

    assertArrayEquals(new byte[] {'a'}, request.body());
  }

  private SimulatorRequest read(String text) throws IOException {
    return HttpWire.read(stream(text), out).orElseThrow();
  }

  private static InputStream stream(String text) {
    return new BufferedInputStream(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
