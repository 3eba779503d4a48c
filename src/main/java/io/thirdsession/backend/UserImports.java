package io.thirdsession.backend;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.LineAnswers;
import io.thirdsession.user.ImportedUserReader;
import io.thirdsession.user.UserImport;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Runs imports, one at a time of a client and few at once: each holds some hundred users, and where
 * external ids stand in its file. Thread-safe.
 */
public final class UserImports {
  private static final int MAX_AT_ONCE = 4;
  private static final Duration LATER = Duration.ofSeconds(10);

  private final UserImport users;
  private final ImportedUserReader reader;
  private final AuditTrail audit;
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Semaphore open = new Semaphore(MAX_AT_ONCE);

  public UserImports(UserImport users, ImportedUserReader reader, AuditTrail audit) {
    this.users = users;
    this.reader = reader;
    this.audit = audit;
  }

  /**
   * Begins an import, which must be closed.
   *
   * @throws ApiException {@code rate_limited} if one of this client is running on this node, {@code
   *     overloaded} if four are
   */
  LineAnswers begin(ServiceClient client, Actor by) {
    if (!running.add(client.id())) {
      throw ApiException.rateLimited("an import of client " + client.id() + " is running", LATER)
          .saying("该凭证已有一个导入正在进行，请等它结束", "An import of this client is running: wait for its end");
    }
    if (!open.tryAcquire()) {
      running.remove(client.id());
      throw ApiException.of(ApiError.OVERLOADED, MAX_AT_ONCE + " imports are running");
    }
    audit.record(AuditEvent.IMPORTED, by, "state=begun");
    return new ImportLines(
        new ImportLine.Reader(reader, client),
        batch -> users.write(batch, client::mayKnow),
        counts -> {
          open.release();
          running.remove(client.id());
          audit.record(AuditEvent.IMPORTED, by, "state=ended " + counts);
        });
  }
}
