package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiExceptionTest {
  @Test
  void aLimitAfterTheCodeIsSpentAsksForANewCodeAfterTheSameWait() {
    ApiException spent = ApiException.rateLimited("too many", Duration.ofSeconds(42)).codeSpent();

    assertEquals(ApiError.RATE_LIMITED_CODE_SPENT, spent.error());
    assertEquals(Duration.ofSeconds(42), spent.retryAfter());
    assertEquals("too many", spent.diagnosis());
  }

  @Test
  void aDatabaseOrAThreadMissingAfterTheCodeIsSpentAsksForANewCode() {
    for (ApiError error : Set.of(ApiError.STORAGE_UNAVAILABLE, ApiError.OVERLOADED)) {
      ApiException spent = ApiException.of(error, "away").codeSpent();

      assertEquals(ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, spent.error());
      assertEquals(Duration.ofSeconds(1), spent.retryAfter());
      assertEquals("away", spent.diagnosis());
    }
  }

  @Test
  void everyOtherErrorStaysWhatItIsAfterTheCodeIsSpent() {
    EnumSet<ApiError> changed =
        EnumSet.of(ApiError.RATE_LIMITED, ApiError.STORAGE_UNAVAILABLE, ApiError.OVERLOADED);
    for (ApiError error : EnumSet.complementOf(changed)) {
      ApiException failure = ApiException.of(error, "whatever");

      assertSame(failure, failure.codeSpent());
    }
  }
}
