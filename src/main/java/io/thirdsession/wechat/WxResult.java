package io.thirdsession.wechat;

import java.util.Set;

/** What a call of {@code wx.*} gives to a mini program, as clients pass it on. */
public final class WxResult {
  /** The fields that {@code wx.*} itself adds, whatever was called. */
  public static final Set<String> ADDED_FIELDS = Set.of("is_demote", "errMsg", "errno", "cloudID");

  /**
   * What {@code wx.getUserProfile} and {@code wx.getUserInfo} give, whose results are usually
   * posted whole, and beside the code of a login.
   */
  public static final Set<String> PROFILE_FIELDS =
      Set.of("userInfo", "rawData", "signature", "encryptedData", "iv");

  private WxResult() {}
}
