package io.thirdsession.wechat;

import io.thirdsession.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-1 of the token and what is signed, sorted and joined (WeChat, message push). */
public final class PushSignature {
  private PushSignature() {}

  /** Returns whether this is the signature of these values; the time taken reveals nothing. */
  public static boolean holds(String signature, Secret token, String... values) {
    String joined =
        Stream.concat(Stream.of(token.text()), Arrays.stream(values))
            .sorted()
            .reduce("", String::concat);
    return MessageDigest.isEqual(
        DigestUtils.sha1Hex(joined).getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.UTF_8));
  }
}
