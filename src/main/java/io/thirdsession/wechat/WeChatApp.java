package io.thirdsession.wechat;

import io.thirdsession.Secret;

/**
 * A mini program that this server logs users in to.
 *
 * @param appId its AppID, which everybody may know
 * @param secret its AppSecret, which nobody may
 */
public record WeChatApp(String appId, Secret secret) {}
