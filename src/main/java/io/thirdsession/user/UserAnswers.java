package io.thirdsession.user;

/** Shows users to themselves. Thread-safe. */
public final class UserAnswers {
  private final PhoneBook phones;

  /** Opens phone numbers here. */
  public UserAnswers(PhoneBook phones) {
    this.phones = phones;
  }

  /**
   * Returns what to show of this user.
   *
   * @param baseUrl by which the client reaches this server
   */
  public UserAnswer of(User user, String baseUrl) {
    Profile profile = user.profile();
    return new UserAnswer(
        user.id(),
        profile.nickName(),
        profile.absoluteAvatarUrl(baseUrl),
        profile.gender(),
        profile.province(),
        profile.city(),
        profile.country(),
        profile.language(),
        profile.title(),
        phones.open(user).map(BoundPhone::masked).orElse(null),
        user.createdAt(),
        user.lastLoginAt());
  }
}
