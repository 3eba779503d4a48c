package io.thirdsession.history;

/** What a client can ask for. */
enum Deed {
  /** Log in: gives a token. */
  LOGIN,
  /** Ask whether a token is good. */
  CHECK,
  /** Read one's own profile, and the phone number in it. */
  READ,
  /** Write a nickname that nobody has written before. */
  WRITE,
  /** Bind a phone number that this user has never had; may end the user's other sessions. */
  BIND,
  /** End the session of a token. */
  LOGOUT,
  /** End all sessions of a token's user. */
  END_ALL,
  /** Erase a token's user. */
  ERASE
}
