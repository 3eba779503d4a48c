package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneBookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final PhoneNumber NUMBER = PhoneNumber.of("86", "13580006666");
  private static final UUID ALICE = Uuid7.next(NOW, RandomGenerator.getDefault());
  private static final UUID BOB = Uuid7.next(NOW, RandomGenerator.getDefault());

  private static final Consumer<Transaction> NOTHING = transaction -> {};

  private final FakeClock clock = new FakeClock(NOW);
  private TestDatabase testDatabase;
  private Database database;

  @BeforeEach
  void start() {
    testDatabase = TestDatabase.create();
    database = new Database(testDatabase.settings(), queries -> {});
    database.start();
    UserDao users = new UserDao(database.jdbc());
    for (UUID user : List.of(ALICE, BOB)) {
      users.insert(new User(user, NOW, NOW, false, Profile.NONE, Optional.empty()));
    }
  }

  @AfterEach
  void stop() {
    database.close();
    testDatabase.close();
  }

  @Test
  void keepsANumberWithHowAndWhenItWasProven() {
    PhoneBook phones = phones("k1");

    phones.bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);

    assertEquals(
        Optional.of(new BoundPhone(NUMBER, PhoneSource.WX_CODE, NOW)), phones.open(user(ALICE)));
  }

  @Test
  void nothingReadableIsInTheDatabase() {
    phones("k1").bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);

    String row =
        testDatabase
            .column(
                "SELECT CONCAT(phone_sealed, '|', phone_hash) FROM user WHERE phone_sealed IS NOT NULL")
            .get(0);
    assertFalse(row.contains("13580006666"));
    assertFalse(row.contains("0006666"));
  }

  @Test
  void severalMayHoldOneNumberAndHaveOneHash() {
    PhoneBook phones = phones("k1");

    phones.bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);
    phones.bind(BOB, NUMBER, PhoneSource.WX_ENCRYPTED, NOTHING);

    assertTrue(phones.open(user(ALICE)).isPresent(), "nothing is taken away");
    assertEquals(stored(ALICE).hash(), stored(BOB).hash());
    assertNotEquals(stored(ALICE).sealed(), stored(BOB).sealed());
  }

  @Test
  void theHashDependsOnTheCountry() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, PhoneNumber.of("1", "4155550123"), PhoneSource.WX_CODE, NOTHING);
    phones.bind(BOB, PhoneNumber.of("86", "4155550123"), PhoneSource.WX_CODE, NOTHING);

    assertNotEquals(stored(ALICE).hash(), stored(BOB).hash());
  }

  @Test
  void aNumberMovedToAnotherRowDoesNotOpen() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);

    assertEquals(Optional.empty(), phones.open(user(BOB).withPhone(stored(ALICE))));
  }

  @Test
  void saysWhenAnotherNumberTakesThePlaceOfOneAndOnlyThen() {
    AtomicInteger changes = new AtomicInteger();
    Consumer<Transaction> onChange = transaction -> changes.incrementAndGet();

    phones("k1").bind(ALICE, NUMBER, PhoneSource.WX_CODE, onChange);
    phones("k1").bind(ALICE, NUMBER, PhoneSource.WX_ENCRYPTED, onChange);
    phones("k2", "k1").bind(ALICE, NUMBER, PhoneSource.WX_CODE, onChange);
    assertEquals(0, changes.get(), "it is the same under another master key too");

    phones("k2", "k1")
        .bind(ALICE, PhoneNumber.of("1", "4155550123"), PhoneSource.WX_CODE, onChange);
    assertEquals(1, changes.get());
    assertEquals(
        PhoneNumber.of("1", "4155550123"), phones("k2").open(user(ALICE)).orElseThrow().number());
  }

  @Test
  void unbindingTwiceIsUnbindingOnce() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);

    phones.unbind(ALICE, NOTHING);
    phones.unbind(ALICE, NOTHING);

    assertEquals(Optional.empty(), user(ALICE).phone());
  }

  @Test
  void aUserWhoIsGoneHasNoSession() {
    PhoneBook phones = phones("k1");
    UUID nobody = Uuid7.next(NOW, RandomGenerator.getDefault());

    assertGone(() -> phones.bind(nobody, NUMBER, PhoneSource.WX_CODE, NOTHING));
    assertGone(() -> phones.unbind(nobody, NOTHING));
  }

  @Test
  void sealsAnewUnderTheActiveKeySoThatTheOldOneCanGo() {
    phones("k1").bind(ALICE, NUMBER, PhoneSource.WX_ENCRYPTED, NOTHING);
    phones("k2", "k1").bind(BOB, NUMBER, PhoneSource.WX_CODE, NOTHING);
    Secret bobs = stored(BOB).sealed();

    assertEquals(1, phones("k2", "k1").sealAnew());

    PhoneBook withoutTheOld = phones("k2");
    assertEquals(
        Optional.of(new BoundPhone(NUMBER, PhoneSource.WX_ENCRYPTED, NOW)),
        withoutTheOld.open(user(ALICE)));
    assertEquals(stored(ALICE).hash(), stored(BOB).hash());
    assertEquals(bobs, stored(BOB).sealed(), "was good already");
    assertEquals(0, phones("k2", "k1").sealAnew());
  }

  @Test
  void sealsAnewAllThatOpenWhateverStandsBetweenThem() {
    PhoneBook old = phones("k1");
    for (int i = 0; i < 250; i++) {
      UUID user = Uuid7.next(NOW, RandomGenerator.getDefault());
      new UserDao(database.jdbc())
          .insert(new User(user, NOW, NOW, false, Profile.NONE, Optional.empty()));
      old.bind(user, NUMBER, PhoneSource.WX_CODE, NOTHING); // all of one hash
    }
    testDatabase.execute(
        "UPDATE user SET phone_sealed = CONCAT(phone_sealed, 'x')"
            + " WHERE phone_sealed IS NOT NULL LIMIT 130");

    assertEquals(120, phones("k2", "k1").sealAnew());
    assertEquals(0, phones("k2", "k1").sealAnew());
  }

  @Test
  void sealingAnewNeverUndoesABindingOfThatMoment() {
    phones("k1").bind(ALICE, NUMBER, PhoneSource.WX_CODE, NOTHING);
    StoredPhone read = stored(ALICE);
    phones("k1").unbind(ALICE, NOTHING);
    StoredPhone anew =
        new PhoneSealer(TestKeys.ring("k2")).seal(ALICE, NUMBER, PhoneSource.WX_CODE, NOW);

    new PhoneDao(database.jdbc()).replace(ALICE, read, anew);

    assertEquals(Optional.empty(), user(ALICE).phone());
  }

  @ParameterizedTest
  @CsvSource({
    "13580006666, 135****6666",
    "123456789012, 123*****9012",
    "1234567890, ********90",
    "12345678, ******78",
    "123, *23",
  })
  void masks(String number, String masked) {
    assertEquals(
        masked, new BoundPhone(PhoneNumber.of("86", number), PhoneSource.WX_CODE, NOW).masked());
  }

  @Test
  void theLongestNumberUnderTheLongestKeyIdFitsItsColumns() {
    PhoneBook phones = phones("a".repeat(16));

    phones.bind(ALICE, PhoneNumber.of("1234", "1".repeat(20)), PhoneSource.WX_ENCRYPTED, NOTHING);

    assertTrue(phones.open(user(ALICE)).isPresent());
  }

  private PhoneBook phones(String... masterKeys) {
    return new PhoneBook(database.jdbc(), TestKeys.ring(masterKeys), clock);
  }

  private User user(UUID id) {
    return new UserDao(database.jdbc()).find(id).orElseThrow();
  }

  private StoredPhone stored(UUID id) {
    return user(id).phone().orElseThrow();
  }

  private static void assertGone(Runnable call) {
    assertEquals(ApiError.SESSION_INVALID, assertThrows(ApiException.class, call::run).error());
  }
}
