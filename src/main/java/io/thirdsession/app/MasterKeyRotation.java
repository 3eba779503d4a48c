package io.thirdsession.app;

import io.thirdsession.doctor.KeyRows;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.user.IdentityRotation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves to the active master key what would be lost with an old one. Thread-safe. */
final class MasterKeyRotation {
  private static final Logger log = LoggerFactory.getLogger(MasterKeyRotation.class);

  private final PhoneBook phones;
  private final IdentityRotation identities;
  private final Clock clock;
  private volatile @Nullable Instant doneAt;

  MasterKeyRotation(PhoneBook phones, IdentityRotation identities, Clock clock, Metrics metrics) {
    this.phones = phones;
    this.identities = identities;
    this.clock = clock;
    metrics.gauges(
        "thirdsession_master_key_rows",
        "rows that the last rotation left under an old or lost master key",
        List.of("key", "table"),
        this::rows);
    metrics.gauges(
        "thirdsession_master_key_rows_age_seconds",
        "since the last rotation of master keys was complete",
        List.of(),
        this::age);
  }

  /** Moves what there is; what the database refuses is left to the next time. */
  void run() {
    try {
      phones.sealAnew();
      identities.run();
      doneAt = clock.instant();
    } catch (StorageException e) {
      log.debug("not everything is under the active master key yet", e);
    }
  }

  /** Returns what the last rotation left under old and lost keys, by their ids. */
  KeyRows left() {
    Map<String, Integer> left = new HashMap<>(phones.left());
    identities.left().forEach((key, count) -> left.merge(key, count, Integer::sum));
    return new KeyRows(left, Optional.ofNullable(doneAt));
  }

  private List<Reading> rows() {
    List<Reading> rows = new ArrayList<>();
    phones.left().forEach((key, count) -> rows.add(Reading.of(count, key, "user")));
    identities.left().forEach((key, count) -> rows.add(Reading.of(count, key, "identity")));
    return rows;
  }

  private List<Reading> age() {
    @Nullable Instant done = doneAt;
    return done == null ? List.of() : List.of(Reading.of(Duration.between(done, clock.instant())));
  }
}
