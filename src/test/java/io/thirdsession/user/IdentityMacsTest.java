package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.keys.Mac;
import io.thirdsession.testing.TestKeys;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdentityMacsTest {
  private static final UUID ID = UUID.fromString("01a20387-0662-75fd-bdd7-59cd238c64f9");
  private static final UUID USER = UUID.fromString("01a20387-0662-75fd-bdd7-59cd238c64f8");
  private static final Identity ALICE =
      new Identity(ID, USER, "wx0123456789abcdef", "oalice", Optional.of("ounion"));

  private final IdentityMacs macs = new IdentityMacs(TestKeys.ring("k1"));

  /** Computed apart from this code: nodes of two builds must agree on it. */
  @Test
  void isAnHmacOfAppOpenidUserAndUnionid() {
    Mac mac = macs.of(ALICE);

    assertEquals("k1", mac.keyId());
    assertEquals(
        "9ea19c223224fca6f7ad121975dddb14f704d5cb6a28fd03f41b253f1e884bf5",
        HexFormat.of().formatHex(mac.value().bytes()));
  }

  @Test
  void isOfOneUserAppOpenidAndUnionidOnly() {
    Mac mac = macs.of(ALICE);

    assertTrue(macs.isGenuine(ALICE, mac));
    assertFalse(macs.isGenuine(of(ID, "wx0123456789abcdef", "oalice", "ounion"), mac));
    assertFalse(macs.isGenuine(of(USER, "wx0123456789abcdee", "oalice", "ounion"), mac));
    assertFalse(macs.isGenuine(of(USER, "wx0123456789abcdef", "obob", "ounion"), mac));
    assertFalse(macs.isGenuine(of(USER, "wx0123456789abcdef", "oalice", "onion"), mac));
    assertFalse(macs.isGenuine(of(USER, "wx0123456789abcdef", "oalice", ""), mac));
    assertFalse(macs.isGenuine(of(USER, "wx0123456789abcdefo", "alice", "ounion"), mac));
  }

  @Test
  void isUnderTheKeyThatItNames() {
    Mac mac = macs.of(ALICE);

    assertTrue(new IdentityMacs(TestKeys.ring("k2", "k1")).isGenuine(ALICE, mac));
    assertFalse(new IdentityMacs(TestKeys.ring("k2")).isGenuine(ALICE, mac));
    assertFalse(
        new IdentityMacs(TestKeys.ring("k1", "k2")).isGenuine(ALICE, new Mac("k2", mac.value())));
    assertFalse(macs.isGenuine(ALICE, new Mac("k1", Secret.of(new byte[0]))));
    assertFalse(macs.isGenuine(ALICE, new Mac("", mac.value())));
  }

  private static Identity of(UUID userId, String appId, String openId, String unionId) {
    return new Identity(
        ID, userId, appId, openId, Optional.of(unionId).filter(given -> !given.isEmpty()));
  }
}
