package io.thirdsession.phone;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.phonebook.PhoneBook;
import io.thirdsession.phonebook.PhoneSource;
import io.thirdsession.session.Caller;
import io.thirdsession.session.EndedSessions;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionEnd;
import io.thirdsession.session.SessionService;
import io.thirdsession.wechat.PhoneNumber;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Binds a proven number to its user, or unbinds it, and records that. Afterwards the user's other
 * sessions end if the number was another one before. A login that keeps no session (the tutorials'
 * page) ends none: it would end the session that the client goes on using. Thread-safe.
 */
public final class PhoneBinding {
  private final PhoneBook phones;
  private final SessionService sessions;
  private final EndedSessions endedSessions;
  private final EventOutbox events;
  private final AuditTrail audit;

  public PhoneBinding(
      PhoneBook phones,
      SessionService sessions,
      EndedSessions endedSessions,
      EventOutbox events,
      AuditTrail audit) {
    this.phones = phones;
    this.sessions = sessions;
    this.endedSessions = endedSessions;
    this.events = events;
    this.audit = audit;
  }

  /**
   * Binds this number and returns it.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or the session was ended
   *     meanwhile
   */
  OpenedPhone bind(Caller caller, PhoneNumber number, PhoneSource source) {
    AtomicInteger ended = new AtomicInteger();
    OpenedPhone bound =
        phones.bind(
            caller.userId(),
            Optional.of(caller.session()).filter(Session::kept).map(Session::sid),
            number,
            source,
            (transaction, replaced) -> {
              tell(transaction, EventType.PHONE_BOUND, caller, source.label());
              if (replaced) {
                endOthers(transaction, caller, ended);
              }
            });
    audit.record(AuditEvent.PHONE_BOUND, caller, "source=" + source.label());
    endedSessions.of(SessionEnd.PHONE_BOUND).add(ended.get());
    auditEnded(caller, ended, "which=others by=phone_bound");
    return bound;
  }

  /**
   * Unbinds the number, if there is one.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, or there is a number and the
   *     session was ended meanwhile
   */
  void unbind(Caller caller) {
    AtomicInteger ended = new AtomicInteger();
    if (phones.unbind(
        caller.userId(),
        transaction -> {
          tell(transaction, EventType.PHONE_UNBOUND, caller, "");
          endOthers(transaction, caller, ended);
        })) {
      audit.record(AuditEvent.PHONE_UNBOUND, caller, "");
      endedSessions.of(SessionEnd.PHONE_UNBOUND).add(ended.get());
      auditEnded(caller, ended, "which=others by=phone_unbound");
    }
  }

  /**
   * Ends the other sessions.
   *
   * @param ended set to how many there were, also if it is done again after a lost commit
   */
  private void endOthers(Transaction transaction, Caller caller, AtomicInteger ended) {
    if (caller.session().kept()) {
      ended.accumulateAndGet(sessions.endOthers(transaction, caller.session()), Math::max);
    }
  }

  private void tell(Transaction transaction, EventType type, Caller caller, String detail) {
    events.add(transaction, type, caller.userId(), caller.session().appId(), detail);
  }

  private void auditEnded(Caller caller, AtomicInteger ended, String detail) {
    if (ended.get() > 0) {
      audit.record(AuditEvent.SESSION_ENDED, caller, detail);
    }
  }
}
