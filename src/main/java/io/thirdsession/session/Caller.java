package io.thirdsession.session;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.RequestFacts;
import java.util.UUID;

/**
 * Who is calling, and how.
 *
 * @param session their live session
 * @param facts what is known of the request
 */
public record Caller(Session session, RequestFacts facts) implements Actor {
  /** Returns the id of the user who is calling. */
  public UUID userId() {
    return session.userId();
  }

  @Override
  public Subject subject() {
    return session.subject();
  }
}
