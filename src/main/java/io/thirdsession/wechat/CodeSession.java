package io.thirdsession.wechat;

import java.util.Optional;

/**
 * What WeChat gives for a login code (code2Session).
 *
 * @param openId the user inside the app, 1 to 64 characters of {@code [A-Za-z0-9_-]}
 * @param unionId the person across the apps of one Open Platform account, in the same characters;
 *     empty where the app is bound to none
 * @param sessionKey the key of the user's open data
 */
public record CodeSession(String openId, Optional<String> unionId, SessionKey sessionKey) {}
