package io.thirdsession.wechat;

import io.thirdsession.Secret;
import java.time.Instant;

/**
 * What all calls of WeChat's server API bear except the login. Whoever has it acts as the app.
 *
 * @param value opaque; WeChat speaks of up to 512 characters
 * @param fetchedAt when WeChat was asked for it
 * @param expiresAt when WeChat said that it ends
 */
public record AccessToken(Secret value, Instant fetchedAt, Instant expiresAt) {}
