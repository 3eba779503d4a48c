package io.thirdsession.attack;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.thirdsession.attack.PaddingOracleAttack.Forged;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** That the attack works where there is a leak, so that its failure elsewhere means something. */
class PaddingOracleAttackTest {
  private static final String WANTED =
      "{\"phoneNumber\":\"13900001111\",\"purePhoneNumber\":\"13900001111\",\"countryCode\":\"86\","
          + "\"watermark\":{\"timestamp\":1795334400,\"appid\":\""
          + APP
          + "\"}}";
  private static final int TRIES = 30_000;

  private final SecretKeySpec key = new SecretKeySpec(new SecureRandom().generateSeed(16), "AES");

  @Test
  void forgesAPhoneWhereBadPaddingIsToldApart() throws Exception {
    PaddingOracleAttack<String> attack = attackOn("bad padding", "no JSON");

    Forged forged = attack.forge(WANTED.getBytes(StandardCharsets.UTF_8)).orElseThrow();

    assertEquals(WANTED, decrypt(forged.iv(), forged.ciphertext()));
    assertTrue(attack.tries() <= TRIES, attack.tries() + " tries");
    assertEquals(forged.ciphertext().length, attack.learned());
  }

  @Test
  void forgesNothingWhereEveryFailureIsAnsweredAlike() {
    PaddingOracleAttack<String> attack = attackOn("failed", "failed");

    assertEquals(Optional.empty(), attack.forge(WANTED.getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, attack.learned());
    assertEquals(TRIES, attack.tries());
  }

  private PaddingOracleAttack<String> attackOn(String badPadding, String noJson) {
    return new PaddingOracleAttack<>(
        (iv, ciphertext) ->
            CompletableFuture.completedFuture(answer(iv, ciphertext, badPadding, noJson)),
        (one, other) -> !one.equals(other),
        TRIES);
  }

  private String answer(byte[] iv, byte[] ciphertext, String badPadding, String noJson) {
    try {
      JsonParser.parseString(decrypt(iv, ciphertext)).getAsJsonObject();
      return "good";
    } catch (BadPaddingException e) {
      return badPadding;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (RuntimeException e) {
      return noJson;
    }
  }

  private String decrypt(byte[] iv, byte[] ciphertext) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
    return new String(cipher.doFinal(ciphertext), StandardCharsets.UTF_8);
  }
}
