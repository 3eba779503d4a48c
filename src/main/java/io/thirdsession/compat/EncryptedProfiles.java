package io.thirdsession.compat;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.login.Login;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.Caller;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.User;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the encrypted profile of {@code wx.getUserInfo} that a client may send with a login. The
 * login depends on its code alone: a profile that cannot be decrypted or stored leaves the stored
 * one unchanged. Thread-safe.
 */
public final class EncryptedProfiles {
  private static final Logger log = LoggerFactory.getLogger(EncryptedProfiles.class);

  private final OpenDataService openData;
  private final ProfileService profiles;
  private final RateLimits limits;

  public EncryptedProfiles(OpenDataService openData, ProfileService profiles, RateLimits limits) {
    this.openData = openData;
    this.profiles = profiles;
    this.limits = limits;
  }

  /**
   * Returns the encrypted fields that a login sent; empty if either is missing or they are too
   * long.
   *
   * @param leaveOut is told the field that is there and cannot be used
   */
  static Optional<EncryptedFields> fields(
      Optional<String> encryptedData, Optional<String> iv, Consumer<String> leaveOut) {
    if (encryptedData.isEmpty() && iv.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(EncryptedFields.of(encryptedData.orElse(""), iv.orElse("")));
    } catch (ApiException e) { // too long to be one, or one without the other
      leaveOut.accept("encryptedData");
      return Optional.empty();
    }
  }

  /**
   * Returns the user of this login, after the profile was stored or skipped. The future never
   * fails.
   */
  CompletableFuture<User> takeOver(
      Login login, Optional<EncryptedFields> profile, RequestFacts facts) {
    if (profile.isEmpty()) {
      return CompletableFuture.completedFuture(login.user());
    }
    return opened(new Caller(login.session(), facts), profile.get())
        .thenApply(
            reported ->
                profiles.change(login.user().id(), reported.change(), login.session().appId()))
        .exceptionally(
            thrown -> {
              log.info(
                  "profile not taken over request={} user={} reason=\"{}\"",
                  facts.loggedId(),
                  login.user().id(),
                  ApiException.of(thrown).diagnosis());
              return login.user();
            });
  }

  private CompletableFuture<ReportedProfile> opened(Caller caller, EncryptedFields profile) {
    try {
      limits.takeOpenDataTry(caller);
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
    return openData.decrypt(caller, profile, data -> ReportedProfile.of(data::shown));
  }
}
