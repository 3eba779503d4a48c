package io.thirdsession.history;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * One thing that a client asked, and what it was told.
 *
 * @param deed what was asked
 * @param node who was asked
 * @param openId the user at WeChat
 * @param token with which it was asked, or what a login gave; empty for a login that gave none
 * @param userId the user as the response names it; empty if it names none
 * @param nickName what was written or read; empty if nothing was
 * @param phone the number that was to be bound or was read, masked; empty if there is none
 * @param outcome what was told
 * @param began just before it was asked, by the monotonic clock
 * @param ended just after it was told
 */
record Operation(
    Deed deed,
    String node,
    String openId,
    String token,
    String userId,
    String nickName,
    String phone,
    Outcome outcome,
    long began,
    long ended) {
  private static final String PREFIX = "3rd_";

  /** Returns what is about to be asked. */
  static Operation asking(Deed deed, String node, String openId, String token) {
    return new Operation(deed, node, openId, token, "", "", "", Outcome.UNKNOWN, 0, 0);
  }

  /** Returns it with the nickname that was written or read. */
  Operation nickName(String text) {
    return new Operation(deed, node, openId, token, userId, text, phone, outcome, began, ended);
  }

  /** Returns it with the masked number that was to be bound or was read. */
  Operation phone(String masked) {
    return new Operation(
        deed, node, openId, token, userId, nickName, masked, outcome, began, ended);
  }

  /** Returns it with whom the response names. */
  Operation user(String id) {
    return new Operation(deed, node, openId, token, id, nickName, phone, outcome, began, ended);
  }

  /** Returns it with what a login gave. */
  Operation gave(String newToken, String id) {
    return new Operation(deed, node, openId, newToken, id, nickName, phone, outcome, began, ended);
  }

  /** Returns it with what was told, and when. */
  Operation told(Outcome what, long from, long to) {
    return new Operation(deed, node, openId, token, userId, nickName, phone, what, from, to);
  }

  boolean isDone() {
    return outcome == Outcome.DONE;
  }

  boolean isRefused() {
    return outcome == Outcome.REFUSED;
  }

  /** Returns until when it can have taken effect: what is unknown may do so at any later time. */
  long effectiveBy() {
    return isDone() ? ended : Long.MAX_VALUE;
  }

  /** Returns the public id of the token's session, which is the first part of the token. */
  String sid() {
    byte[] bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
    ByteBuffer first = ByteBuffer.wrap(bytes);
    return new UUID(first.getLong(), first.getLong()).toString();
  }

  /** Names neither the token nor anything else that is secret. */
  @Override
  public String toString() {
    String session = token.isEmpty() ? "" : " sid=" + sid();
    return deed + " " + outcome + session + " by " + openId + " at " + node + " [" + began + ", "
        + ended + "]";
  }
}
