package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers, WeChat's own first. */
class WeChatCryptoTest {

  @Test
  void encryptsWeChatsOwnSampleToTheSameText() {
    String plaintext =
        """
        {"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickName":"Band","gender":1,\
        "language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN",\
        "avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0",\
        "unionId":"ocMvos6NjeKLIBqg5Mr9QjxrP1FA","watermark":{"timestamp":1477314187,\
        "appid":"wx4f4bc4dec97d474b"}}""";

    String encrypted =
        WeChatCrypto.encrypt("tiihtNczf5v6AKRyjwEUhQ==", "r7BXXKkLb8qrSNn05n0qiA==", plaintext);

    // The sample's encryptedData has 536 characters; its SHA-256 says the same in 64.
    assertEquals(
        "7842122eb129390ef7ca47b91ae8d142553fc5849eaad857552491f090118a51",
        HexFormat.of()
            .formatHex(WeChatCrypto.sha256(encrypted.getBytes(StandardCharsets.US_ASCII))));
  }

  @Test
  void encryptsThePhoneNumberOfTheDocumentation() {
    String plaintext =
        """
        {"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":"86",\
        "watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}""";

    assertEquals(
        "xT8p8W6jIVdEWQ+ccHuD2bmG5RSiwg14VWRFw/UGVh6Aj+jDIadafJ4xdCIBQ/uxDiyw/MZWvpFyRn3p"
            + "P3xxVfNQxFtzghvK+Pj5JQI7x412Zc+UKBdZyt5yiQboroSxabTum1k4MMOlnoCxhJ46cxPDT2EuLbNU"
            + "f2McwNtGO0/9E+Xj/ZwENw48ucueL3UqNoKpXxFYvqH6eawrR2MXnA==",
        WeChatCrypto.encrypt("tiihtNczf5v6AKRyjwEUhQ==", "r7BXXKkLb8qrSNn05n0qiA==", plaintext));
  }

  @Test
  void encryptsTextBeyondAscii() {
    String plaintext =
        """
        {"openId":"oTEST0000000000000000000000","nickName":"微信用户😀","gender":0,"language":"",\
        "city":"","province":"","country":"","avatarUrl":"",\
        "watermark":{"timestamp":1700000000,"appid":"wx0123456789abcdef"}}""";

    assertEquals(
        "LtwXY/thRoRMyUSJgcCEQNA+ElBZKKZow2yPReG7o4iX2DBSTWnGI9WGrvDcOteeJcTqHUpCkDcpSZN5"
            + "gTJhKT0PeQPoOmwCmH/g4sNvP8f4s8TvNgjCZupZJJTGpz4Q4dZYwc5F4BOPLrvC0YvOV+zRlNUIVi+K"
            + "pcjYaYsYyWglmNb8t13c4F2J9kuhJPysMuR6Htb6mWKYpZ9AHwI5zwri/pOSH+wztLpnDUCxA1QQ4+Xt"
            + "Lcd0uG6o4/FHtDBbWCo7In2HYg1JgsVzWOa134/atwdvRD92dyUT41VnHS8=",
        WeChatCrypto.encrypt("AAECAwQFBgcICQoLDA0ODw==", "EBESExQVFhcYGRobHB0eHw==", plaintext));
  }

  @Test
  void signsTheUserInfoOfTheDocumentation() {
    String rawData =
        """
        {"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou",\
        "province":"Guangdong","country":"CN",\
        "avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}""";

    assertEquals(
        "75e81ceda165f4ffa64f4068af58c64b8f54b88c",
        WeChatCrypto.userInfoSignature(rawData, "HyVFkGl5F5OQWJZZaNzBBg=="));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "o0q0otL8aEzpcZL/FT9WsQ== | {\"foo\":\"bar\"} | 654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b",
        "9hAb/NEYUlkaMBEsmFgzig== | {\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\": 0} | 089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7",
        "tiihtNczf5v6AKRyjwEUhQ== | '' | 7154f9f8b4b76b92f541cbf0e37d48840fa06e5e42da92a6f80168a1516a4735",
        "o0q0otL8aEzpcZL/FT9WsQ== | '' | 46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128",
      })
  void signsTheLoginStateWithTheKeysBase64Text(
      String sessionKey, String message, String signature) {
    assertEquals(signature, WeChatCrypto.sessionSignature(sessionKey, message));
  }
}
