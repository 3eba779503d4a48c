package io.thirdsession.push;

import java.util.List;
import java.util.Optional;

/**
 * Whose pushes come here.
 *
 * @param apps each with the token of its own
 * @param relayUrl who gets them too; may hold {@code {appid}}
 */
public record PushSettings(List<PushApp> apps, Optional<String> relayUrl) {}
