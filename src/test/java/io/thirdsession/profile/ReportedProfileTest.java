package io.thirdsession.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedProfileTest {
  private static final Profile STORED =
      new Profile("老王", "https://example.com/a.png", 1, "广东", "广州", "CN", "zh_CN", "懒");
  private static final String GRAY =
      "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132";

  @Test
  void takesWhatIsGiven() {
    Profile profile =
        new ReportedProfile("小😀", "https://wx.qlogo.cn/mmopen/1/0", "2").over(STORED);

    assertEquals("小😀", profile.nickName());
    assertEquals("https://wx.qlogo.cn/mmopen/1/0", profile.avatarUrl());
    assertEquals(2, profile.gender());
    assertEquals("广州", profile.city());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "微信用户"})
  void keepsTheNameWhenAnAnonymousOneComes(String nickName) {
    assertEquals(STORED, new ReportedProfile(nickName, GRAY, "0").over(STORED));
  }

  @Test
  void takes64CodePointsAndLeavesOut65() {
    assertEquals(
        "😀".repeat(64), new ReportedProfile("😀".repeat(64), "", "").over(STORED).nickName());
    assertEquals("老王", new ReportedProfile("😀".repeat(65), "", "").over(STORED).nickName());
  }

  @Test
  void makesWeChatsOwnPicturesHttps() {
    Profile profile = new ReportedProfile("", "http://wx.qlogo.cn/mmopen/1/0", "").over(STORED);

    assertEquals("https://wx.qlogo.cn/mmopen/1/0", profile.avatarUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/a.png",
        "http://qlogo.cn.example.com/a",
        "http://evil/?.qlogo.cn/",
        "wxfile://tmp_1",
        "http://tmp/a.jpg",
        "javascript:alert(1)",
        "https://a b",
        "https://",
      })
  void leavesOutPicturesThatOthersCannotLoad(String avatarUrl) {
    assertEquals(STORED, new ReportedProfile("", avatarUrl, "").over(STORED));
  }

  @Test
  void takesAPictureOf512CharactersAndLeavesOut513() {
    String longest = "https://example.com/" + "a".repeat(492);

    assertEquals(longest, new ReportedProfile("", longest, "").over(STORED).avatarUrl());
    assertEquals(STORED, new ReportedProfile("", longest + "a", "").over(STORED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "-1", "男", "1.0", ""})
  void keepsTheGenderUnlessItIsOneOrTwo(String gender) {
    assertEquals(STORED, new ReportedProfile("", "", gender).over(STORED));
  }

  @Test
  void changesWhatIsGivenAndNothingElse() {
    Map<String, String> given =
        Map.of(
            "nickName", "小😀",
            "avatarUrl", "http://wx.qlogo.cn/mmopen/1/0",
            "gender", "2",
            "city", "广州",
            "province", "",
            "title", "not WeChat's",
            "openId", "o1");

    assertEquals(
        Map.of(
            "nick_name",
            "小😀",
            "avatar_url",
            "https://wx.qlogo.cn/mmopen/1/0",
            "gender",
            2,
            "city",
            "广州"),
        ReportedProfile.of(name -> given.getOrDefault(name, "")).change().columns());
  }

  @Test
  void changesNothingWhenTheProfileSaysItIsAnonymous() {
    Map<String, String> given = Map.of("nickName", "老李", "city", "广州", "is_demote", "true");

    assertEquals(
        Map.of(), ReportedProfile.of(name -> given.getOrDefault(name, "")).change().columns());
  }

  @Test
  void takes64CodePointsOfAPlaceAndLeavesOut65() {
    assertEquals(Map.of("city", "😀".repeat(64)), ofCity("😀".repeat(64)).change().columns());
    assertEquals(Map.of(), ofCity("😀".repeat(65)).change().columns());
  }

  private static ReportedProfile ofCity(String city) {
    return new ReportedProfile("", "", "", "", city, "", "");
  }
}
