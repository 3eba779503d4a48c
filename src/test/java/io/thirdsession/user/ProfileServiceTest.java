package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.profile.ProfileChange;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.TestEvents;
import io.thirdsession.testing.TestKeys;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a user who is erased between the check of the session and what follows it. */
class ProfileServiceTest extends DatabaseTestBase {
  private static final UUID ERASED = new UUID(0x01a2038e421a7000L, 0x8000000000000000L);

  private ProfileService profiles;

  @BeforeEach
  void start() {
    SessionKeyService keys =
        new SessionKeyService(database.jdbc(), TestKeys.ring("k1"), Clock.systemUTC());
    profiles = new ProfileService(database.jdbc(), keys, TestEvents.none());
  }

  @Test
  void aReadThatFindsTheUserGoneIsSessionInvalid() {
    assertGone(() -> profiles.find(ERASED));
  }

  @Test
  void aWriteThatFindsTheUserGoneIsSessionInvalid() {
    assertGone(() -> profiles.change(ERASED, change("{\"nickName\":\"老王\"}"), "wxshop"));
    assertGone(() -> profiles.change(ERASED, change("{}"), "wxshop"));
  }

  private static ProfileChange change(String json) {
    return ProfileChange.sent(JsonFields.within("body", json), "https://login.example.com");
  }

  private static void assertGone(Runnable call) {
    ApiException thrown = assertThrows(ApiException.class, call::run);
    assertEquals(ApiError.SESSION_INVALID, thrown.error());
  }
}
