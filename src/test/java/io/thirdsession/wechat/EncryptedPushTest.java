package io.thirdsession.wechat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedPushTest {
  /** The sample that WeChat gives with its code for this encryption. */
  private static final String SAMPLE =
      "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";

  private static final String APP = "wxb11529c136998cb6";
  private static final Secret KEY = key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");

  @Test
  void opensWhatWeChatEncrypted() {
    assertArrayEquals(
        "我是中文abcd123".getBytes(StandardCharsets.UTF_8),
        EncryptedPush.open(SAMPLE, KEY, APP).orElseThrow());
  }

  @Test
  void whatIsForAnotherAppStaysShut() {
    assertEquals(Optional.empty(), EncryptedPush.open(SAMPLE, KEY, "wxb11529c136998cb7"));
    assertEquals(Optional.empty(), EncryptedPush.open(SAMPLE, KEY, ""));
  }

  @Test
  void anotherKeyOpensNothing() {
    Secret other = key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFH".replace('a', 'b'));

    assertEquals(Optional.empty(), EncryptedPush.open(SAMPLE, other, APP));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "jn1L", "AAAAAAAAAAAAAAAAAAAAAA=="})
  void whatIsNoEncryptionStaysShut(String text) {
    assertEquals(Optional.empty(), EncryptedPush.open(text, KEY, APP));
  }

  @Test
  void whatWasCutOffStaysShut() {
    byte[] bytes = Base64.getDecoder().decode(SAMPLE);
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 16);

    assertEquals(
        Optional.empty(), EncryptedPush.open(Base64.getEncoder().encodeToString(cut), KEY, APP));
  }

  @Test
  void theSignatureIsOverTheSortedValues() {
    Secret token = Secret.of("token");
    String signature = DigestUtils.sha1Hex("1409304348noncetoken");

    assertTrue(PushSignature.holds(signature, token, "1409304348", "nonce"));
    assertTrue(PushSignature.holds(signature, token, "nonce", "1409304348"));
    assertFalse(PushSignature.holds(signature, Secret.of("tokem"), "1409304348", "nonce"));
    assertFalse(PushSignature.holds(signature, token, "1409304349", "nonce"));
    assertFalse(PushSignature.holds("", token, "1409304348", "nonce"));
  }

  private static Secret key(String encodingAesKey) {
    return Secret.of(Base64.getDecoder().decode(encodingAesKey + "="));
  }
}
