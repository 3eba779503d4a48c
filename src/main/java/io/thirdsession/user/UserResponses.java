package io.thirdsession.user;

import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.profile.Profile;
import java.util.Optional;

/** Makes the responses that show users to themselves. Thread-safe. */
public final class UserResponses {
  private final PhoneBook phones;

  public UserResponses(PhoneBook phones) {
    this.phones = phones;
  }

  /**
   * Returns the response that shows this user.
   *
   * @param baseUrl the URL by which the client reaches this server
   */
  public UserResponse of(User user, String baseUrl) {
    return of(user, masked(user), baseUrl);
  }

  /**
   * Returns the response that shows this user, with a phone number that is already opened.
   *
   * @param maskedPhone the bound phone number, masked; empty if none is bound
   */
  public UserResponse of(User user, Optional<String> maskedPhone, String baseUrl) {
    Profile profile = user.profile();
    return new UserResponse(
        user.id(),
        profile.nickName(),
        profile.absoluteAvatarUrl(baseUrl),
        profile.gender(),
        profile.province(),
        profile.city(),
        profile.country(),
        profile.language(),
        profile.title(),
        maskedPhone.orElse(null),
        user.createdAt(),
        user.lastLoginAt(),
        user.profileStaleAt());
  }

  private Optional<String> masked(User user) {
    return user.phone().flatMap(phone -> phones.open(user.id(), phone)).map(OpenedPhone::masked);
  }
}
