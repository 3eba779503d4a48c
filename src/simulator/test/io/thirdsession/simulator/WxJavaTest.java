package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.bean.WxMaJscode2SessionResult;
import cn.binarywang.wx.miniapp.bean.WxMaMessage;
import cn.binarywang.wx.miniapp.bean.WxMaPhoneNumberInfo;
import cn.binarywang.wx.miniapp.bean.WxMaUserInfo;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import java.net.URI;
import java.util.Map;
import me.chanjar.weixin.common.error.WxErrorException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that others wrote for WeChat itself finds nothing amiss. */
class WxJavaTest extends SimulatorTestBase {
  private static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private final WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
  private final WxMaService wxJava = new WxMaServiceImpl();

  @BeforeEach
  void pointAtTheSimulator() {
    config.setAppid(APP);
    config.setSecret(SECRET);
    config.setApiHostUrl(simulator.baseUri().toString());
    wxJava.setWxMaConfig(config);
  }

  @Test
  void logsIn() throws Exception {
    String code = simulator.loginCode(APP, ALICE, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");

    WxMaJscode2SessionResult session = wxJava.jsCode2SessionInfo(code);

    assertEquals(ALICE, session.getOpenid());
    assertEquals("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", session.getUnionid());
    assertEquals(simulator.sessionKey(APP, ALICE), session.getSessionKey());
  }

  @Test
  void seesTheErrcodeOfAUsedCode() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    wxJava.jsCode2SessionInfo(code);

    WxErrorException e =
        assertThrows(WxErrorException.class, () -> wxJava.jsCode2SessionInfo(code));

    assertEquals(40163, e.getError().getErrorCode());
  }

  @Test
  void getsThePhoneNumberByCode() throws Exception {
    wxJava.jsCode2SessionInfo(simulator.loginCode(APP, ALICE));
    String code = simulator.phone(APP, ALICE, "13800138000").code();

    WxMaPhoneNumberInfo phone = wxJava.getUserService().getPhoneNumber(code);

    assertEquals("13800138000", phone.getPurePhoneNumber());
    assertEquals("86", phone.getCountryCode());
    assertEquals(APP, phone.getWatermark().getAppid());
  }

  @Test
  void getsThePhoneNumberWithAStableToken() throws Exception {
    config.useStableAccessToken(true);
    logInAlice();
    String code = simulator.phone(APP, ALICE).code();

    WxMaPhoneNumberInfo phone = wxJava.getUserService().getPhoneNumber(code);

    assertEquals("13580006666", phone.getPhoneNumber());
  }

  @Test
  void refreshesATokenThatWeChatNoLongerTakes() throws Exception {
    logInAlice();
    String code = simulator.phone(APP, ALICE).code();
    config.updateAccessToken("92_a_token_of_yesterday", 7200);

    WxMaPhoneNumberInfo phone = wxJava.getUserService().getPhoneNumber(code);

    assertEquals("13580006666", phone.getPhoneNumber());
  }

  @Test
  @SuppressWarnings("deprecation") // The old way itself is what WxJava deprecates.
  void decryptsThePhoneNumberTheOldWay() throws Exception {
    String sessionKey = wxJava.jsCode2SessionInfo(simulator.loginCode(APP, ALICE)).getSessionKey();
    PhoneEvent event = simulator.phone(APP, ALICE);

    WxMaPhoneNumberInfo phone =
        wxJava.getUserService().getPhoneNoInfo(sessionKey, event.encryptedData(), event.iv());

    assertEquals("13580006666", phone.getPhoneNumber());
  }

  @Test
  void verifiesAndDecryptsTheProfile() throws Exception {
    String sessionKey = wxJava.jsCode2SessionInfo(simulator.loginCode(APP, ALICE)).getSessionKey();
    ProfileEvent event = simulator.profile(APP, ALICE);

    WxMaUserInfo user =
        wxJava.getUserService().getUserInfo(sessionKey, event.encryptedData(), event.iv());

    assertTrue(
        wxJava.getUserService().checkUserInfo(sessionKey, event.rawData(), event.signature()));
    assertEquals("微信用户", user.getNickName());
  }

  @Test
  void opensAnEncryptedPushAndFindsItsSignatureGood() {
    Push.Target to = new Push.Target(URI.create("http://127.0.0.1/push"), APP, "token", AES_KEY);
    Push push =
        simulator.push(
            to, "user_authorization_revoke", ALICE, "8", Push.Mode.SAFE, Push.Format.XML);
    config.setToken("token");
    config.setAesKey(AES_KEY);
    Map<String, String> query =
        new SimulatorRequest("POST", "/", push.uri().getRawQuery(), Map.of(), new byte[0]).query();

    assertTrue(
        wxJava.checkSignature(query.get("timestamp"), query.get("nonce"), query.get("signature")));
    WxMaMessage message =
        WxMaMessage.fromEncryptedXml(
            push.body(),
            config,
            query.get("timestamp"),
            query.get("nonce"),
            query.get("msg_signature"));

    assertEquals("user_authorization_revoke", message.getEvent());
    assertEquals(ALICE, message.getFromUser());
    assertEquals(START.getEpochSecond(), message.getCreateTime().longValue());
  }
}
