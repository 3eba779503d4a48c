package io.thirdsession.miniprogram;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.miniprogram.Phone.Rejected;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the other tests of this package rely on. */
class PhoneSelfTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  private final Phone phone = Phone.start(NOWHERE, NOWHERE, APP, "oalice");

  @AfterEach
  void switchOff() {
    phone.close();
  }

  @Test
  void runsTimersInTheirOrderAndPromisesInBetween() {
    assertEquals(
        "[\"promise\",\"soon\",\"later\"]",
        phone
            .run(
                "new Promise(function (resolve) { var order = [];"
                    + " setTimeout(function () { order.push('later'); resolve(order) }, 30);"
                    + " setTimeout(function () { order.push('soon') }, 0);"
                    + " Promise.resolve().then(function () { order.push('promise') }) })")
            .toString());
  }

  @Test
  void tellsHowAPromiseWasRejected() {
    Rejected rejected =
        assertThrows(
            Rejected.class,
            () -> phone.run("Promise.reject(Object.assign(new Error('a'), {code: 'b'}))"));

    assertEquals("b", rejected.code());
    assertEquals("a", rejected.error().get("message").getAsString());
  }

  @Test
  void keepsWhatNothingCaught() {
    phone.run("setTimeout(function () { throw new Error('a') }, 0)");
    phone.run("setTimeout(function () { Promise.reject(new Error('b')) }, 0)");
    phone.run("new Promise(function (resolve) { setTimeout(resolve, 30) })");

    assertEquals(2, phone.uncaught().size(), phone.uncaught().toString());
  }

  @Test
  void aServerThatIsNotThereIsAFailedRequest() {
    Rejected rejected = assertThrows(Rejected.class, () -> phone.run("ask('/')"));

    assertEquals("request:fail no answer", rejected.error().get("errMsg").getAsString());
    assertEquals(List.of(), phone.uncaught());
  }
}
