package io.thirdsession.history;

import java.util.List;

/**
 * What the database holds at the end.
 *
 * @param users the id of every user
 * @param identities every identity
 * @param sessions every session
 * @param orphans kinds of rows that lead nowhere, and how many
 */
record Stored(
    List<String> users, List<Identity> identities, List<Session> sessions, List<String> orphans) {
  /** A user's openid. */
  record Identity(String openId, String userId) {}

  /** A user's session. */
  record Session(String sid, String userId) {}
}
