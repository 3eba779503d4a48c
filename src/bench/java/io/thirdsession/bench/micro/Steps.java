package io.thirdsession.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import io.thirdsession.bench.rows.BenchKeys;
import io.thirdsession.json.Json;
import io.thirdsession.keys.Purpose;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Timing;
import io.thirdsession.session.SessionToken;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.wechat.EncryptedData;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.SessionKey;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The steps of a check and a login that are our own, and neither network nor database. */
@State(Scope.Benchmark)
public class Steps {
  private static final String OPENID = "oBench_000000000000000000001";

  private final BenchKeys keys = new BenchKeys();
  private final SessionTokens tokens = keys.tokens();
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final String token = tokens.mint(now).text();
  private final SessionKey sessionKey = SessionKey.of(new byte[SessionKey.LENGTH]);
  private final byte[] sealed = seal();
  private final String encrypted = encrypt();
  private final String iv = Base64.getEncoder().encodeToString(new byte[16]);
  private final Check check =
      new Check(new UUID(1, 2).toString(), BenchKeys.APP, new UUID(3, 4).toString(), now, now, 600);
  private final byte[] login = "{\"code\":\"0123456789abcdefghijklmnopqrstuv\"}".getBytes(UTF_8);

  private final Metrics metrics = new Metrics();
  private final Counter checks = metrics.counters("checks_total", "", "via").of("session");
  private final Timing waits = metrics.timings("wait_seconds", "", "pool").of("statements");
  private final Timing requests = metrics.timings("requests_seconds", "", "uri").of("/api/session");

  /** What a check responds. */
  record Check(
      String userId,
      String appId,
      String sid,
      Instant createdAt,
      Instant expiresAt,
      long expiresIn) {}

  @Benchmark
  public SessionToken mintToken() {
    return tokens.mint(now);
  }

  @Benchmark
  public Optional<SessionToken> parseToken() {
    return tokens.parse(token);
  }

  @Benchmark
  public byte[] seal() {
    return keys.ring()
        .seal(Purpose.SESSION_KEY, sessionKey.secret().bytes(), BenchKeys.APP, OPENID);
  }

  @Benchmark
  public byte[] open() {
    return keys.ring().open(Purpose.SESSION_KEY, sealed, BenchKeys.APP, OPENID);
  }

  @Benchmark
  public OpenData decryptOpenData() {
    return EncryptedData.parse(encrypted, iv).decrypt(sessionKey);
  }

  @Benchmark
  public String writeJson() {
    return Json.write(check);
  }

  @Benchmark
  public JsonObject readJson() {
    return Json.readObject(login);
  }

  /** What is counted and measured with every check. */
  @Benchmark
  public void countCheck() {
    long startedNanos = System.nanoTime();
    waits.addSince(startedNanos);
    checks.increment();
    requests.addSince(startedNanos);
  }

  private String encrypt() {
    String data =
        "{\"phoneNumber\":\"13800138000\",\"purePhoneNumber\":\"13800138000\",\"countryCode\":\"86\","
            + "\"watermark\":{\"appid\":\"wxbench0000000001\",\"timestamp\":1767225600}}";
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(sessionKey.secret().bytes(), "AES"),
          new IvParameterSpec(new byte[16]));
      return Base64.getEncoder().encodeToString(cipher.doFinal(data.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
