package io.thirdsession.user;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A user as shown to themselves: {@code user} in responses. What is not known is an empty string, 0
 * for the gender, and null for the phone number. {@code profileStaleSince} is there while WeChat
 * has another name or picture of the user.
 */
public record UserResponse(
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
    Instant lastLoginAt,
    Optional<Instant> profileStaleSince) {}
