package io.thirdsession.user;

import io.thirdsession.http.ApiError;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What came of one user who was to be imported.
 *
 * @param status what was done
 * @param userId the user; empty if refused
 * @param error why it was refused
 * @param field the field that is to blame; empty if none is
 */
public record ImportResult(
    Status status, Optional<UUID> userId, Optional<ApiError> error, Optional<String> field) {

  static ImportResult done(Status status, UUID userId) {
    return new ImportResult(status, Optional.of(userId), Optional.empty(), Optional.empty());
  }

  /** Returns the result of a user of whom nothing was taken. */
  public static ImportResult refused(ApiError error, Optional<String> field) {
    return new ImportResult(Status.REFUSED, Optional.empty(), Optional.of(error), field);
  }

  /** What was done. */
  public enum Status {
    CREATED,
    UPDATED,
    UNCHANGED,
    REFUSED;

    /** Returns the value in responses. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
