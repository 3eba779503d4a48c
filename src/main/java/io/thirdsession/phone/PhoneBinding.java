package io.thirdsession.phone;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.PhoneBook;
import io.thirdsession.user.PhoneSource;
import io.thirdsession.user.StoredPhone;
import io.thirdsession.wechat.PhoneNumber;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a proven number, or none any more, means for its user: it is kept, written down, and whoever
 * changes it or takes it away is the only one inside afterwards. A login that keeps no session, of
 * the tutorials' page, ends none: its own user's would be among them. Thread-safe.
 */
final class PhoneBinding {
  private final PhoneBook phones;
  private final SessionService sessions;
  private final AuditTrail audit;

  PhoneBinding(PhoneBook phones, SessionService sessions, AuditTrail audit) {
    this.phones = phones;
    this.sessions = sessions;
    this.audit = audit;
  }

  /**
   * Binds this number and returns it as it is stored.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or the number is another one
   *     and the session was ended meanwhile
   */
  StoredPhone bind(Session session, PhoneNumber number, PhoneSource source, RequestFacts facts) {
    AtomicInteger ended = new AtomicInteger();
    StoredPhone stored =
        phones.bind(
            session.userId(),
            number,
            source,
            transaction -> endOthers(transaction, session, ended));
    audit.record(AuditEvent.PHONE_BOUND, session.subject(), facts, "source=" + source.label());
    auditEnded(session, ended, facts, "which=others by=phone_bound");
    return stored;
  }

  /**
   * Unbinds the number, if there is one.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or there is a number and the
   *     session was ended meanwhile
   */
  void unbind(Session session, RequestFacts facts) {
    AtomicInteger ended = new AtomicInteger();
    if (phones.unbind(session.userId(), transaction -> endOthers(transaction, session, ended))) {
      audit.record(AuditEvent.PHONE_UNBOUND, session.subject(), facts, "");
      auditEnded(session, ended, facts, "which=others by=phone_unbound");
    }
  }

  /**
   * Ends the other sessions.
   *
   * @param ended set to how many there were, also if it is done again after a lost commit
   */
  private void endOthers(Transaction transaction, Session session, AtomicInteger ended) {
    if (session.kept()) {
      ended.accumulateAndGet(sessions.endOthers(transaction, session), Math::max);
    }
  }

  private void auditEnded(Session session, AtomicInteger ended, RequestFacts facts, String detail) {
    if (ended.get() > 0) {
      audit.record(AuditEvent.SESSION_ENDED, session.subject(), facts, detail);
    }
  }
}
