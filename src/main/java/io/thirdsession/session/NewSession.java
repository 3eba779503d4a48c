package io.thirdsession.session;

import io.thirdsession.user.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * A session that is to begin.
 *
 * @param token its token, minted before the first try of the transaction
 * @param at when it begins: the moment for which its token was minted
 * @param identity who logged in
 * @param origin which call makes it
 * @param address the client's, at most 45 characters
 * @param device what the client said of its device: a flat JSON object
 * @param replaced the token that the client had until now, in any state
 */
public record NewSession(
    SessionToken token,
    Instant at,
    Identity identity,
    SessionOrigin origin,
    String address,
    String device,
    Optional<String> replaced) {}
