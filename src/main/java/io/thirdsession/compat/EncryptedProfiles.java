package io.thirdsession.compat;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.login.Login;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.ReportedProfile;
import io.thirdsession.user.User;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the encrypted profile that {@code wx.getUserInfo} gives, when a login brings one
 * along. The login rests on its code alone: a profile that does not open, or cannot be kept, leaves
 * the stored one as it was. Thread-safe.
 */
public final class EncryptedProfiles {
  private static final Logger log = LoggerFactory.getLogger(EncryptedProfiles.class);

  private final OpenDataService openData;
  private final ProfileService profiles;

  /** Opens them here and keeps them there. */
  public EncryptedProfiles(OpenDataService openData, ProfileService profiles) {
    this.openData = openData;
    this.profiles = profiles;
  }

  /**
   * Returns the fields of a login that brings both; empty if it has not both, or they are too long.
   */
  static Optional<EncryptedFields> fields(Optional<String> encryptedData, Optional<String> iv) {
    if (encryptedData.isEmpty() || iv.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new EncryptedFields(encryptedData.get(), iv.get()));
    } catch (ApiException e) {
      return Optional.empty(); // too long to be one
    }
  }

  /**
   * Returns the user of this login, as they are when the profile was taken over or left out. The
   * future does not fail.
   */
  CompletableFuture<User> takeOver(
      Login login, Optional<EncryptedFields> profile, RequestFacts facts) {
    if (profile.isEmpty()) {
      return CompletableFuture.completedFuture(login.user());
    }
    return openData
        .decrypt(login.session(), profile.get(), data -> ReportedProfile.of(data::shown), facts)
        .thenApply(reported -> profiles.change(login.user().id(), reported.change()))
        .exceptionally(
            thrown -> {
              log.info(
                  "profile not taken over user={} reason=\"{}\"",
                  login.user().id(),
                  ApiException.of(thrown).diagnosis());
              return login.user();
            });
  }
}
