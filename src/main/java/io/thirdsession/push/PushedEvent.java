package io.thirdsession.push;

import io.thirdsession.wechat.PushMessage;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What WeChat says has happened to a user of a mini program.
 *
 * @param revoked what the user takes back, in WeChat's numbers ({@code RevokeInfo})
 * @param at when it happened, in whole seconds
 */
record PushedEvent(String name, String openId, Set<String> revoked, Instant at) {
  static final String REVOCATION = "user_authorization_revoke";
  static final String MODIFICATION = "user_info_modified";
  static final String CANCELLATION = "user_authorization_cancellation";

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
  private static final Pattern BETWEEN = Pattern.compile("[^0-9]+");

  /** Returns the event in this message; empty if there is none that says whom it is about. */
  static Optional<PushedEvent> in(PushMessage message) {
    Optional<String> name = message.find("Event");
    Optional<String> openId = message.find("OpenID");
    Optional<String> time = message.find("CreateTime").filter(SECONDS.asMatchPredicate());
    if (name.isEmpty() || openId.isEmpty() || time.isEmpty()) {
      return Optional.empty();
    }
    Set<String> revoked =
        Arrays.stream(BETWEEN.split(message.find("RevokeInfo").orElse("")))
            .filter(number -> !number.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    return Optional.of(
        new PushedEvent(
            name.get(), openId.get(), revoked, Instant.ofEpochSecond(Long.parseLong(time.get()))));
  }

  /** Returns whether it demands that something be deleted. */
  boolean demandsDeletion() {
    return name.equals(REVOCATION) || name.equals(CANCELLATION);
  }

  /** Returns whether something is to be done here about it. */
  boolean demandsDeed() {
    return demandsDeletion() || name.equals(MODIFICATION);
  }

  boolean revokesPhone() {
    return name.equals(REVOCATION) && revoked.contains("8");
  }

  boolean revokesNickName() {
    return name.equals(REVOCATION) && (revoked.contains("6") || revoked.contains("19"));
  }

  boolean revokesAvatar() {
    return name.equals(REVOCATION) && (revoked.contains("6") || revoked.contains("20"));
  }
}
