package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.http.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The ids of the master keys, and what is still under old ones; no key itself is looked at. */
final class KeysCheck implements Check {
  private static final String NAME = "master-keys";

  /** It runs every minute, and needs the database. */
  private static final Duration MAX_AGE = Duration.ofMinutes(10);

  private final Supplier<Set<String>> ids;
  private final Supplier<KeyRows> rows;
  private final Clock clock;

  /** Looks at these ids, the active one first. */
  KeysCheck(Supplier<Set<String>> ids, Supplier<KeyRows> rows, Clock clock) {
    this.ids = ids;
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    return CompletableFuture.completedFuture(List.of(look()));
  }

  private Finding look() {
    List<String> configured = new ArrayList<>(ids.get());
    KeyRows found = rows.get();
    Optional<Instant> countedAt = found.countedAt();
    if (countedAt.isEmpty()) {
      return Finding.warning(
          NAME,
          new Message("主密钥轮换尚未完整执行过一次", "no rotation of master keys was complete yet"),
          new Message(
              "启动一分钟后重试；之后仍然这样，请检查数据库",
              "ask again a minute after the start; later than that, see the database"));
    }
    Duration age = Duration.between(countedAt.get(), clock.instant());
    String ago = Math.max(0, age.toSeconds()) + " s";
    List<String> under =
        found.left().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .sorted()
            .toList();
    if (!under.isEmpty()) {
      return Finding.warning(
          NAME,
          new Message(
              "仍有数据在旧主密钥之下：" + String.join("，", under) + "（" + ago + "前统计）",
              "rows are under old master keys: "
                  + String.join(", ", under)
                  + " (counted "
                  + ago
                  + " ago)"),
          new Message(
              "在归零之前，不要从 MASTER_KEYS 中删除这些密钥",
              "leave these keys in MASTER_KEYS until none is left"));
    }
    if (age.compareTo(MAX_AGE) > 0) {
      return Finding.warning(
          NAME,
          new Message(
              "上一次完整的主密钥轮换已是 " + ago + "前",
              "the last complete rotation of master keys was " + ago + " ago"),
          new Message("检查数据库：轮换每分钟进行一次", "see the database: there is a rotation every minute"));
    }
    return Finding.ok(
        NAME,
        new Message(
            "正在使用 " + configured.get(0) + "，共 " + configured.size() + " 个；没有数据在旧密钥之下",
            "active: "
                + configured.get(0)
                + ", of "
                + configured.size()
                + "; no rows under an old one"));
  }
}
