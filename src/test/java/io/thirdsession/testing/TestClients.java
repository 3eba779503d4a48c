package io.thirdsession.testing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.commons.codec.digest.DigestUtils;

/** Service clients of tests. */
public final class TestClients {
  /** Of a client that may do everything. */
  public static final String SECRET = "canary-client-secret-of-everything";

  /** The id of that client. */
  public static final String ID = "all";

  private TestClients() {}

  /** Returns the value of SERVICE_CLIENTS with that client. */
  public static String setting() {
    return entry(ID, SECRET, "introspect+users+manage+phone+token+metrics");
  }

  /** Returns an entry of SERVICE_CLIENTS; what stands behind the hash may have several parts. */
  public static String entry(String id, String secret, String rest) {
    return id + ":" + DigestUtils.sha256Hex(secret) + (rest.isEmpty() ? "" : ":" + rest);
  }

  /** Returns the header with the credentials of that client. */
  public static String[] basic() {
    return basic(ID, SECRET);
  }

  /** Returns the header with these credentials. */
  public static String[] basic(String id, String secret) {
    String pair = id + ":" + secret;
    return new String[] {
      "Authorization",
      "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
    };
  }
}
