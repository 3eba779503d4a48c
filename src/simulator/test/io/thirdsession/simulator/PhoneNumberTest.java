package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneNumberTest {

  @ParameterizedTest
  @CsvSource({
    "13580006666,    '',  13580006666,    13580006666, 86",
    "13580006666,    86,  13580006666,    13580006666, 86",
    "+8613580006666, '',  13580006666,    13580006666, 86",
    "+12025550123,   '',  +12025550123,   2025550123,  1",
    "+85261234567,   '',  +85261234567,   61234567,    852",
    "+447700900123,  44,  +447700900123,  7700900123,  44",
    "61234567,       852, 85261234567,    61234567,    852",
  })
  void writesANumberInWeChatsThreeFields(
      String number, String countryCode, String phoneNumber, String pure, String code) {
    assertEquals(new PhoneNumber(phoneNumber, pure, code), PhoneNumber.of(number, countryCode));
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "1234, ''", "135 8000, ''", "13580006666, +86", "+85261234567, 1"})
  void refusesWhatIsNoNumberOfThatCountry(String number, String countryCode) {
    assertThrows(IllegalArgumentException.class, () -> PhoneNumber.of(number, countryCode));
  }
}
