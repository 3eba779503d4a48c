package io.thirdsession.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thirdsession.bench.load.Response;

/** How clients say to a server who they are, and hear it after a login. */
final class Tokens {
  /** Ours. A login brings the token that it replaces, as the client library sends it. */
  static final Tokens BEARER = new Tokens("Authorization: Bearer ", true, "\"", "3rd_", 79);

  /** Those of Spring Session. A login begins one session more. */
  static final Tokens SPRING_SESSION =
      new Tokens("X-Auth-Token: ", false, "\r\nx-auth-token: ", "", 36);

  private final String header;
  private final boolean sentWithLogin;
  private final byte[] mark;
  private final int offset;
  private final int length;

  /**
   * A kind of token.
   *
   * @param before what precedes it in the response to a login, in lower case
   * @param prefix what it begins with
   */
  private Tokens(String header, boolean sentWithLogin, String before, String prefix, int length) {
    this.header = header;
    this.sentWithLogin = sentWithLogin;
    this.mark = (before + prefix).getBytes(US_ASCII);
    this.offset = before.length();
    this.length = length;
  }

  /** Returns the header line that carries this token. */
  String header(String token) {
    return header + token + "\r\n";
  }

  boolean sentWithLogin() {
    return sentWithLogin;
  }

  /** Returns the token that this response to a login gives out. */
  String in(Response response) {
    int at = response.indexOf(mark);
    if (at < 0) {
      throw new IllegalStateException("a login without a token");
    }
    return response.text(at + offset, length);
  }
}
