package io.thirdsession.wechat;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class UserInfoSignatureTest {
  // WeChat's own example, 开放数据校验与解密
  private static final String RAW_DATA =
      "{\"nickName\":\"Band\",\"gender\":1,\"language\":\"zh_CN\",\"city\":\"Guangzhou\","
          + "\"province\":\"Guangdong\",\"country\":\"CN\",\"avatarUrl\":\"http://wx.qlogo.cn/mmopen/"
          + "vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5"
          + "ibXQ/0\"}";
  private static final String SIGNATURE = "75e81ceda165f4ffa64f4068af58c64b8f54b88c";
  private static final SessionKey KEY = SessionKey.parse("HyVFkGl5F5OQWJZZaNzBBg==").orElseThrow();
  private static final SessionKey OTHER =
      SessionKey.parse("tiihtNczf5v6AKRyjwEUhQ==").orElseThrow();

  @Test
  void holdsForWeChatsOwnExample() {
    assertTrue(UserInfoSignature.holds(RAW_DATA, SIGNATURE, KEY));
  }

  @Test
  void doesNotHoldUnderAnotherKey() {
    assertFalse(UserInfoSignature.holds(RAW_DATA, SIGNATURE, OTHER));
  }

  @Test
  void doesNotHoldWhenOneByteDiffers() {
    assertFalse(UserInfoSignature.holds(RAW_DATA + " ", SIGNATURE, KEY));
    assertFalse(UserInfoSignature.holds(RAW_DATA.replace("Band", "band"), SIGNATURE, KEY));
    assertFalse(UserInfoSignature.holds(RAW_DATA.replace("/0", "\\/0"), SIGNATURE, KEY));
  }

  @Test
  void doesNotHoldInAnyOtherForm() {
    for (String other :
        new String[] {
          SIGNATURE.toUpperCase(Locale.ROOT),
          SIGNATURE.substring(1),
          SIGNATURE + "0",
          " " + SIGNATURE,
          "",
          "é".repeat(40),
        }) {
      assertFalse(UserInfoSignature.holds(RAW_DATA, other, KEY), other);
    }
  }
}
