package io.thirdsession.push;

import io.thirdsession.Secret;
import java.util.Optional;

/**
 * A mini program whose message push comes here.
 *
 * @param token with which WeChat signs
 * @param aesKey 32 bytes, with which it encrypts; empty: nothing that it sends is obeyed
 */
public record PushApp(String appId, Secret token, Optional<Secret> aesKey) {}
