package io.thirdsession.wechat;

import java.net.URI;
import java.util.Optional;

/**
 * Where WeChat is.
 *
 * @param apiUrl scheme, host and port, such as {@code https://api.weixin.qq.com}
 * @param fallbackUrl asked only when nothing could be sent to the first
 */
public record WeChatSettings(URI apiUrl, Optional<URI> fallbackUrl) {}
