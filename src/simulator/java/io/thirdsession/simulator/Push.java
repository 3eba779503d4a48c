package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A message as WeChat pushes it to a server: its address with the signatures, and its body.
 *
 * @param uri with {@code signature}, {@code timestamp}, {@code nonce}, and {@code msg_signature} if
 *     anything is encrypted
 * @param contentType {@code text/xml} or {@code application/json}
 */
public record Push(URI uri, String contentType, String body) {
  private static final int BLOCK = 32;

  /**
   * Where an app's messages go, as it is set in WeChat's console.
   *
   * @param token with which they are signed
   * @param encodingAesKey 43 letters and digits; empty in the plain mode
   */
  public record Target(URI url, String appId, String token, String encodingAesKey) {}

  /** What of a message is encrypted. */
  public enum Mode {
    /** Nothing. */
    PLAIN,
    /** The message is there twice, once of it encrypted. */
    MIXED,
    /** All of it. */
    SAFE
  }

  /** How a message is written. */
  public enum Format {
    /** As WeChat does by default. */
    XML,
    /** As one can choose in the console. */
    JSON
  }

  /** Returns the fields of an event that concerns this user. */
  static Map<String, String> event(String event, String openId, String revokeInfo, Instant at) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ToUserName", "gh_0123456789ab");
    fields.put("FromUserName", openId);
    fields.put("CreateTime", Long.toString(at.getEpochSecond()));
    fields.put("MsgType", "event");
    fields.put("Event", event);
    fields.put("OpenID", openId);
    if (!revokeInfo.isEmpty()) {
      fields.put("RevokeInfo", revokeInfo);
    }
    return fields;
  }

  /** Returns the message with these fields, signed now with a nonce of its own. */
  static Push of(
      Target to, Map<String, String> fields, Mode mode, Format format, Instant now, Ids ids) {
    String timestamp = Long.toString(now.getEpochSecond());
    String nonce = Integer.toString(Math.abs(ids.loginCode().hashCode() % 1_000_000_000));
    String query =
        "signature="
            + sha1(to.token(), timestamp, nonce)
            + "&timestamp="
            + timestamp
            + "&nonce="
            + nonce
            + "&openid="
            + fields.get("OpenID");
    if (mode == Mode.PLAIN) {
      return new Push(at(to, query), type(format), text(fields, format));
    }
    Map<String, String> sent = new LinkedHashMap<>();
    sent.put("ToUserName", fields.getOrDefault("ToUserName", ""));
    if (mode == Mode.MIXED) {
      sent.putAll(fields);
    }
    String encrypted = encrypt(to, text(fields, format), ids);
    sent.put("Encrypt", encrypted);
    query += "&encrypt_type=aes&msg_signature=" + sha1(to.token(), timestamp, nonce, encrypted);
    return new Push(at(to, query), type(format), text(sent, format));
  }

  /** Returns the address that WeChat's console asks for its own word. */
  static Push verification(Target to, String echo, Instant now, Ids ids) {
    String timestamp = Long.toString(now.getEpochSecond());
    String nonce = Integer.toString(Math.abs(ids.loginCode().hashCode() % 1_000_000_000));
    return new Push(
        at(
            to,
            "signature="
                + sha1(to.token(), timestamp, nonce)
                + "&timestamp="
                + timestamp
                + "&nonce="
                + nonce
                + "&echostr="
                + echo),
        "",
        "");
  }

  private static URI at(Target to, String query) {
    return URI.create(to.url() + "?" + query);
  }

  private static String type(Format format) {
    return format == Format.XML ? "text/xml" : "application/json";
  }

  private static String text(Map<String, String> fields, Format format) {
    if (format == Format.JSON) {
      JsonObject json = new JsonObject();
      fields.forEach(
          (name, value) -> {
            if (name.equals("CreateTime")) {
              json.addProperty(name, Long.valueOf(value));
            } else {
              json.addProperty(name, value);
            }
          });
      return json.toString();
    }
    StringBuilder xml = new StringBuilder("<xml>\n");
    fields.forEach(
        (name, value) -> {
          String written = name.equals("CreateTime") ? value : "<![CDATA[" + value + "]]>";
          xml.append('<').append(name).append('>').append(written);
          xml.append("</").append(name).append(">\n");
        });
    return xml.append("</xml>").toString();
  }

  /** 16 random bytes, a length, the message, the appid, filled up to blocks of 32 bytes. */
  private static String encrypt(Target to, String message, Ids ids) {
    byte[] random = Base64.getDecoder().decode(ids.base64Of16Bytes());
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    byte[] appId = to.appId().getBytes(StandardCharsets.UTF_8);
    int length = random.length + Integer.BYTES + text.length + appId.length;
    int padding = BLOCK - length % BLOCK;
    ByteBuffer plain = ByteBuffer.allocate(length + padding);
    plain.put(random).putInt(text.length).put(text).put(appId);
    Arrays.fill(plain.array(), length, length + padding, (byte) padding);
    try {
      byte[] key = Base64.getDecoder().decode(to.encodingAesKey() + "=");
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(Arrays.copyOf(key, 16)));
      return Base64.getEncoder().encodeToString(cipher.doFinal(plain.array()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the signature of these values: SHA-1 of them, sorted and joined. */
  static String sha1(String... values) {
    try {
      String joined = Stream.of(values).sorted().reduce("", String::concat);
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(joined.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
