package io.thirdsession.backend;

import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.profile.Profile;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.IdentityView;
import io.thirdsession.user.User;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A user as shown to back ends, with the field names that WeChat's servers use. */
record BackendUser(
    UUID userId,
    Optional<String> externalId,
    List<Identity> identities,
    String nickName,
    String avatarUrl,
    int gender,
    String province,
    String city,
    String country,
    String language,
    String title,
    Optional<String> maskedPhone,
    Optional<String> phoneSource,
    Optional<Instant> phoneBoundAt,
    Optional<String> phoneNumber,
    Optional<String> purePhoneNumber,
    Optional<String> countryCode,
    boolean disabled,
    Instant createdAt,
    Instant lastLoginAt,
    Optional<Instant> profileStaleSince) {

  /**
   * Returns the response that shows this user; it has the whole phone number only for a client that
   * may see it.
   */
  static BackendUser of(DirectoryEntry entry, ServiceClient client, String baseUrl) {
    User user = entry.user();
    Profile profile = user.profile();
    Optional<OpenedPhone> phone = entry.phone();
    Optional<PhoneNumber> number =
        phone.filter(bound -> client.scopes().contains(Scope.PHONE)).map(OpenedPhone::number);
    return new BackendUser(
        user.id(),
        user.externalId(),
        entry.identities().stream().map(Identity::of).toList(),
        profile.nickName(),
        profile.absoluteAvatarUrl(baseUrl),
        profile.gender(),
        profile.province(),
        profile.city(),
        profile.country(),
        profile.language(),
        profile.title(),
        phone.map(OpenedPhone::masked),
        phone.map(bound -> bound.source().label()),
        phone.map(OpenedPhone::boundAt),
        number.map(PhoneNumber::phoneNumber),
        number.map(PhoneNumber::purePhoneNumber),
        number.map(PhoneNumber::countryCode),
        user.disabled(),
        user.createdAt(),
        user.lastLoginAt(),
        user.profileStaleAt());
  }

  /** Leaves out the phone number, which must not reach a log. */
  @Override
  public String toString() {
    return "BackendUser[userId=" + userId + "]";
  }

  /** An identity; the unionid is empty if WeChat never reported one. */
  record Identity(String appid, String openid, String unionid) {
    private static Identity of(IdentityView identity) {
      return new Identity(identity.appId(), identity.openId(), identity.unionId().orElse(""));
    }
  }
}
