package io.thirdsession.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.openapi.ApiContract;
import io.thirdsession.openapi.Coverage;
import io.thirdsession.openapi.Exchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** A client that talks to the server under test as a phone would: one request, one answer. */
public final class TestHttp {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final Consumer<Exchange> contract;

  private TestHttp(URI base, Consumer<Exchange> contract) {
    this.base = base;
    this.contract = contract;
  }

  /** Returns a client of this server, which must keep to openapi.json. */
  public TestHttp(URI base) {
    this(base, Contract.OURS::hold);
  }

  /** Returns a client of a server that may give other responses than ours: a proxy, a back end. */
  public static TestHttp ofAnother(URI base) {
    return new TestHttp(base, exchange -> {});
  }

  public URI base() {
    return base;
  }

  /** Sends a GET; headers come in pairs. */
  public Response get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /** Sends a POST with a JSON body. */
  public Response post(String path, String json, String... headers) {
    return send("POST", path, json, concat(headers, "Content-Type", "application/json"));
  }

  /** Sends a file as wx.uploadFile does, in a part of this name, with one field beside it. */
  public Response upload(String path, String name, byte[] file, String... headers) {
    return upload(path, name, file, Map.of("user", "test"), headers);
  }

  /** Sends a file as wx.uploadFile does, in a part of this name, behind these fields. */
  public Response upload(
      String path, String name, byte[] file, Map<String, String> fields, String... headers) {
    String boundary = "----boundary-of-wx";
    StringBuilder parts = new StringBuilder();
    fields.forEach((field, value) -> parts.append(part(boundary, field, "", value + "\r\n")));
    parts.append(
        part(boundary, name, "; filename=\"tmp_0a1b.jpg\"\r\nContent-Type: image/jpeg", ""));
    byte[] head = parts.toString().getBytes(StandardCharsets.UTF_8);
    byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + file.length + tail.length);
    System.arraycopy(file, 0, body, head.length, file.length);
    System.arraycopy(tail, 0, body, head.length + file.length, tail.length);
    return exchange(
        "POST",
        path,
        body,
        concat(headers, "Content-Type", "multipart/form-data; boundary=" + boundary));
  }

  private static String part(String boundary, String name, String more, String content) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\""
        + more
        + "\r\n\r\n"
        + content;
  }

  /** Sends any request; without a body where it is null. */
  public Response send(String method, String path, String body, String... headers) {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    return exchange(method, path, bytes, headers);
  }

  private Response exchange(String method, String path, byte[] body, String... headers) {
    HttpRequest.BodyPublisher publisher =
        body.length == 0
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, publisher);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      contract.accept(
          new Exchange(
              method,
              path,
              byName(headers),
              body,
              response.statusCode(),
              response.headers(),
              response.body()));
      return new Response(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> byName(String... headers) {
    Map<String, String> byName = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      byName.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
    }
    return byName;
  }

  /** Read by the first client that needs it. */
  private static final class Contract {
    static final ApiContract OURS = new ApiContract(new Coverage()::see);
  }

  /** Logs in with this code. */
  public Response login(String code, String... headers) {
    JsonObject body = new JsonObject();
    body.addProperty("code", code);
    return post("/api/login", body.toString(), headers);
  }

  /** Asks whether this token's session is good. */
  public Response check(String token) {
    return get("/api/session", bearer(token));
  }

  /** Asks as a back end whose this token is. */
  public Response introspect(String token, String... credentials) {
    return send(
        "POST",
        "/api/introspect",
        "token=" + token,
        concat(credentials, "Content-Type", "application/x-www-form-urlencoded"));
  }

  /** Ends this token's session. */
  public Response logout(String token) {
    return send("DELETE", "/api/session", null, bearer(token));
  }

  /** Returns the header that carries this token, and further ones in pairs behind it. */
  public static String[] bearer(String token, String... more) {
    return concat(more, "Authorization", "Bearer " + token);
  }

  /** Returns a query of these parameters, encoded as wx.request does. */
  public static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")));
    return query.toString();
  }

  private static String[] concat(String[] headers, String name, String value) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = name;
    all[headers.length + 1] = value;
    return all;
  }

  /** What came back. */
  public record Response(int status, HttpHeaders headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public JsonObject json() {
      return JsonParser.parseString(text()).getAsJsonObject();
    }

    /** Returns the value of a field of the JSON body as text. */
    public String field(String name) {
      return json().get(name).getAsString();
    }

    /** Returns the token of a login. */
    public String token() {
      return field("thirdSession");
    }

    /** Returns the id of the user who has logged in. */
    public String userId() {
      return json().getAsJsonObject("user").get("userId").getAsString();
    }

    /** Returns the value of a header, or an empty text. */
    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    @Override
    public String toString() {
      return "status " + status + " " + text().replaceAll("3rd_[A-Za-z0-9_-]+", "3rd_…");
    }
  }
}
