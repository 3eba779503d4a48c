package io.thirdsession.audit;

import io.thirdsession.http.RequestFacts;

/** Who does something to whom, and in which request; every event is recorded with it. */
public interface Actor {
  /** Returns the user concerned, and the session or service client that acts. */
  Subject subject();

  /** Returns what is known about the request. */
  RequestFacts facts();

  /** Returns the actor of a request that belongs to no session. */
  static Actor of(Subject subject, RequestFacts facts) {
    return new WithoutSession(subject, facts);
  }

  /** Returns the same actor, for an event that concerns this subject. */
  default Actor with(Subject other) {
    return of(other, facts());
  }

  /** A service client, or somebody who is not known yet. */
  record WithoutSession(Subject subject, RequestFacts facts) implements Actor {}
}
