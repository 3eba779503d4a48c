package io.thirdsession.user;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user as the user may see themselves: {@code user} in answers. What was never given is an empty
 * text, gender 0, and null for the phone.
 */
public record UserAnswer(
    UUID userId,
    String nickName,
    String avatarUrl,
    int gender,
    String province,
    String city,
    String country,
    String language,
    String title,
    @Nullable String maskedPhone,
    Instant createdAt,
    Instant lastLoginAt) {}
