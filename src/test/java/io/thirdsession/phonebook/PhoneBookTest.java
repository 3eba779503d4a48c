package io.thirdsession.phonebook;

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
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneBookTest extends DatabaseTestBase {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final PhoneNumber NUMBER = PhoneNumber.of("86", "13580006666");
  private static final UUID ALICE = Uuid7.next(NOW, RandomGenerator.getDefault());
  private static final UUID BOB = Uuid7.next(NOW, RandomGenerator.getDefault());

  /** Shorter than a response of the database. */
  private static final int STEP = 7;

  /** As a login has it that keeps none. */
  private static final Optional<UUID> NO_SESSION = Optional.empty();

  private static final Consumer<Transaction> NOTHING = transaction -> {};
  private static final PhoneBook.OnBound BOUND = (transaction, replaced) -> {};

  private final FakeClock clock = new FakeClock(NOW);

  @BeforeEach
  void start() {
    insertUser(ALICE);
    insertUser(BOB);
  }

  @Test
  void keepsANumberWithHowAndWhenItWasProven() {
    PhoneBook phones = phones("k1");

    phones.bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);

    assertEquals(
        Optional.of(new OpenedPhone(NUMBER, PhoneSource.WX_CODE, NOW)),
        phones.open(ALICE, stored(ALICE)));
  }

  @Test
  void nothingReadableIsInTheDatabase() {
    phones("k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);

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

    phones.bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);
    phones.bind(BOB, NO_SESSION, NUMBER, PhoneSource.WX_ENCRYPTED, BOUND);

    assertTrue(phones.open(ALICE, stored(ALICE)).isPresent(), "nothing is taken away");
    assertEquals(stored(ALICE).hash(), stored(BOB).hash());
    assertNotEquals(stored(ALICE).sealed(), stored(BOB).sealed());
  }

  @Test
  void unbindingIsToldWhicheverResponseOfTheDatabaseIsLost() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      database.close();
      database = new Database(oneConnection(proxy.url()), queries -> {}, new Metrics());
      database.start();
      PhoneBook phones = phones("k1");
      int bytes = -STEP;
      do {
        phones.bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);
        proxy.cutAfter(bytes += STEP);

        assertTrue(phones.unbind(ALICE, NOTHING), "lost after bytes: " + bytes);
      } while (proxy.hasCut());
      assertTrue(bytes > 0, "no response was lost");
    }
  }

  @Test
  void theHashDependsOnTheCountry() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, NO_SESSION, PhoneNumber.of("1", "4155550123"), PhoneSource.WX_CODE, BOUND);
    phones.bind(BOB, NO_SESSION, PhoneNumber.of("86", "4155550123"), PhoneSource.WX_CODE, BOUND);

    assertNotEquals(stored(ALICE).hash(), stored(BOB).hash());
  }

  @Test
  void aNumberMovedToAnotherRowDoesNotOpen() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);

    assertEquals(Optional.empty(), phones.open(BOB, stored(ALICE)));
  }

  @Test
  void saysWhenAnotherNumberTakesThePlaceOfOneAndOnlyThen() {
    AtomicInteger changes = new AtomicInteger();
    PhoneBook.OnBound onChange = (transaction, replaced) -> changes.addAndGet(replaced ? 1 : 0);

    phones("k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, onChange);
    phones("k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_ENCRYPTED, onChange);
    phones("k2", "k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, onChange);
    assertEquals(0, changes.get(), "it is the same under another master key too");

    phones("k2", "k1")
        .bind(ALICE, NO_SESSION, PhoneNumber.of("1", "4155550123"), PhoneSource.WX_CODE, onChange);
    assertEquals(1, changes.get());
    assertEquals(
        PhoneNumber.of("1", "4155550123"),
        phones("k2").open(ALICE, stored(ALICE)).orElseThrow().number());
  }

  @Test
  void bindsNothingForASessionThatIsNotThere() {
    AtomicInteger changes = new AtomicInteger();
    UUID ended = Uuid7.next(NOW, RandomGenerator.getDefault());

    phones("k1")
        .bind(
            ALICE,
            Optional.of(ended),
            NUMBER,
            PhoneSource.WX_CODE,
            (transaction, replaced) -> changes.addAndGet(replaced ? 1 : 0));

    assertEquals(1, changes.get(), "whoever ends others finds that it is gone");
  }

  @Test
  void unbindingTwiceIsUnbindingOnce() {
    PhoneBook phones = phones("k1");
    phones.bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);

    phones.unbind(ALICE, NOTHING);
    phones.unbind(ALICE, NOTHING);

    assertEquals(Optional.empty(), phone(ALICE));
  }

  @Test
  void aUserWhoIsGoneHasNoSession() {
    PhoneBook phones = phones("k1");
    UUID nobody = Uuid7.next(NOW, RandomGenerator.getDefault());

    assertGone(() -> phones.bind(nobody, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND));
    assertGone(() -> phones.unbind(nobody, NOTHING));
  }

  @Test
  void sealsAnewUnderTheActiveKeySoThatTheOldOneCanGo() {
    phones("k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_ENCRYPTED, BOUND);
    phones("k2", "k1").bind(BOB, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);
    Secret bobs = stored(BOB).sealed();

    assertEquals(1, phones("k2", "k1").sealAnew());

    PhoneBook withoutTheOld = phones("k2");
    assertEquals(
        Optional.of(new OpenedPhone(NUMBER, PhoneSource.WX_ENCRYPTED, NOW)),
        withoutTheOld.open(ALICE, stored(ALICE)));
    assertEquals(stored(ALICE).hash(), stored(BOB).hash());
    assertEquals(bobs, stored(BOB).sealed(), "was good already");
    assertEquals(0, phones("k2", "k1").sealAnew());
  }

  @Test
  void sealsAnewAllThatOpenWhateverStandsBetweenThem() {
    PhoneBook old = phones("k1");
    for (int i = 0; i < 250; i++) {
      UUID user = Uuid7.next(NOW, RandomGenerator.getDefault());
      insertUser(user);
      old.bind(user, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND); // all of one hash
    }
    testDatabase.execute(
        "UPDATE user SET phone_sealed = CONCAT(phone_sealed, 'x')"
            + " WHERE phone_sealed IS NOT NULL LIMIT 130");

    assertEquals(120, phones("k2", "k1").sealAnew());
    assertEquals(0, phones("k2", "k1").sealAnew());
  }

  @Test
  void sealingAnewNeverUndoesABindingOfThatMoment() {
    phones("k1").bind(ALICE, NO_SESSION, NUMBER, PhoneSource.WX_CODE, BOUND);
    SealedPhone read = stored(ALICE);
    phones("k1").unbind(ALICE, NOTHING);
    SealedPhone anew =
        new PhoneSealer(TestKeys.ring("k2")).seal(ALICE, NUMBER, PhoneSource.WX_CODE, NOW);

    new PhoneDao(database.jdbc()).replace(ALICE, read, anew);

    assertEquals(Optional.empty(), phone(ALICE));
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
        masked, new OpenedPhone(PhoneNumber.of("86", number), PhoneSource.WX_CODE, NOW).masked());
  }

  @Test
  void theLongestNumberUnderTheLongestKeyIdFitsItsColumns() {
    PhoneBook phones = phones("a".repeat(16));

    phones.bind(
        ALICE, NO_SESSION, PhoneNumber.of("1234", "1".repeat(20)), PhoneSource.WX_ENCRYPTED, BOUND);

    assertTrue(phones.open(ALICE, stored(ALICE)).isPresent());
  }

  /** On one connection each statement is prepared once, and its responses have one length. */
  private static DatabaseSettings oneConnection(String url) {
    Secret password = Secret.of(TestDatabase.password());
    String user = TestDatabase.user();
    return new DatabaseSettings(url, user, password, 1, 1, true, user, password);
  }

  private PhoneBook phones(String... masterKeys) {
    return new PhoneBook(database.jdbc(), TestKeys.ring(masterKeys), clock);
  }

  private void insertUser(UUID id) {
    database
        .jdbc()
        .update("INSERT INTO user (id, created_at, last_login_at) VALUES (?, ?, ?)", id, NOW, NOW);
  }

  private Optional<SealedPhone> phone(UUID id) {
    return database
        .jdbc()
        .first(
            """
            SELECT phone_sealed, phone_hash, phone_source, phone_bound_at
            FROM user
            WHERE id = ?
            """,
            PhoneDao::optional,
            id)
        .orElseThrow();
  }

  private SealedPhone stored(UUID id) {
    return phone(id).orElseThrow();
  }

  private static void assertGone(Runnable call) {
    assertEquals(ApiError.SESSION_INVALID, assertThrows(ApiException.class, call::run).error());
  }
}
