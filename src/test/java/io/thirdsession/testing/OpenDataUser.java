package io.thirdsession.testing;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;

import com.google.gson.JsonObject;
import io.thirdsession.testing.TestHttp.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A user who has logged in, whose WeChat encrypts whatever a test wants it to. */
public final class OpenDataUser {
  public static final String PHONE = "13900001111";

  private static final int BLOCK = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final AppServer server;
  private final String name;
  private final String userId;
  private final List<String> secrets = new ArrayList<>();
  private String token;

  private OpenDataUser(AppServer server, String name) {
    this.server = server;
    this.name = name;
    Response login = server.login(name);
    this.token = login.token();
    this.userId = login.userId();
    keepSecrets();
  }

  /** Logs in as the first app's user of this name. */
  public static OpenDataUser logIn(AppServer server, String name) {
    return new OpenDataUser(server, name);
  }

  public String userId() {
    return userId;
  }

  public String openId() {
    return AppServer.openId(name);
  }

  public String token() {
    return token;
  }

  /** Returns every token and session_key that this user has had. */
  public List<String> secrets() {
    return List.copyOf(secrets);
  }

  public Instant now() {
    return server.clock.instant();
  }

  /** Returns what the phone button makes WeChat encrypt at this moment. */
  public JsonObject phoneData() {
    return phoneData(PHONE, PHONE, "86");
  }

  public JsonObject phoneData(String phoneNumber, String purePhoneNumber, String countryCode) {
    JsonObject data = new JsonObject();
    data.addProperty("phoneNumber", phoneNumber);
    data.addProperty("purePhoneNumber", purePhoneNumber);
    data.addProperty("countryCode", countryCode);
    return withWatermark(data, APP, now());
  }

  public JsonObject withWatermark(JsonObject data, String appId, Instant time) {
    JsonObject watermark = new JsonObject();
    watermark.addProperty("timestamp", time.getEpochSecond());
    watermark.addProperty("appid", appId);
    data.add("watermark", watermark);
    return data;
  }

  public Encrypted encrypt(JsonObject data) {
    return encrypt(data.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Encrypts under the key that WeChat has for this user now. */
  public Encrypted encrypt(byte[] plaintext) {
    return encrypt(plaintext, server.weChat.sessionKey(APP, openId()));
  }

  public Encrypted encrypt(byte[] plaintext, String sessionKey) {
    byte[] iv = random();
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES"),
          new IvParameterSpec(iv));
      return Encrypted.of(cipher.doFinal(plaintext), iv);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns data under a key that nobody has. */
  public Encrypted encryptUnderAnotherKey(JsonObject data) {
    return encrypt(
        data.toString().getBytes(StandardCharsets.UTF_8),
        Base64.getEncoder().encodeToString(random()));
  }

  /** Logs in again and gets another session_key by that. */
  public void logInWithAnotherKey() {
    server.weChat.rotateKeyAtNextLogin(APP, openId());
    token = server.login(name, bearer(token)).token();
    keepSecrets();
  }

  /** Makes WeChat replace the session_key by a login of which the server hears nothing. */
  public void logInElsewhere() {
    server.weChat.rotateKeyAtNextLogin(APP, openId());
    server.code(name);
  }

  public void letTimePassUntil(Instant then) {
    server.clock.set(then);
  }

  public Response send(String path, Encrypted data) {
    return server.http.post(path, data.json().toString(), bearer(token));
  }

  private void keepSecrets() {
    secrets.add(token);
    secrets.add(server.weChat.sessionKey(APP, openId()));
  }

  private static byte[] random() {
    byte[] bytes = new byte[BLOCK];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** What an event hands to the client, in base64. */
  public record Encrypted(String encryptedData, String iv) {
    public static Encrypted of(byte[] ciphertext, byte[] iv) {
      return new Encrypted(
          Base64.getEncoder().encodeToString(ciphertext), Base64.getEncoder().encodeToString(iv));
    }

    public byte[] ciphertext() {
      return Base64.getDecoder().decode(encryptedData);
    }

    public byte[] ivBytes() {
      return Base64.getDecoder().decode(iv);
    }

    public JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("encryptedData", encryptedData);
      json.addProperty("iv", iv);
      return json;
    }
  }
}
