package io.thirdsession.history;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Writes histories for tests of the checker: one user alice, unless another one is named. */
final class Told {
  static final String ALICE = "user-of-alice";
  private static final int TOKEN_BYTES = 56;

  private final List<Operation> operations = new ArrayList<>();

  /** Returns the token of this number. */
  static String token(int number) {
    byte[] bytes = ByteBuffer.allocate(TOKEN_BYTES).putLong(number).array();
    return "3rd_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns the public id of the session of the token of this number. */
  static String sid(int number) {
    return Operation.asking(Deed.CHECK, "", "", token(number)).sid();
  }

  List<Operation> operations() {
    return operations;
  }

  /** A login of alice that gives this token. */
  Told login(int token, long began, long ended) {
    return login("alice", token, ALICE, began, ended);
  }

  Told login(String openId, int token, String userId, long began, long ended) {
    return add(
        Operation.asking(Deed.LOGIN, "a", openId, "").gave(token(token), userId),
        Outcome.DONE,
        began,
        ended);
  }

  /** A login that may have happened. */
  Told unknownLogin(long began) {
    return add(Operation.asking(Deed.LOGIN, "a", "alice", ""), Outcome.UNKNOWN, began, began);
  }

  /** A check of alice's token. */
  Told check(int token, Outcome outcome, long began, long ended) {
    String userId = outcome == Outcome.DONE ? ALICE : "";
    return add(asking(Deed.CHECK, token).user(userId), outcome, began, ended);
  }

  /** A check that names this user. */
  Told checkOf(String userId, int token, long began, long ended) {
    return add(asking(Deed.CHECK, token).user(userId), Outcome.DONE, began, ended);
  }

  Told ask(Deed deed, int token, Outcome outcome, long began, long ended) {
    return add(asking(deed, token), outcome, began, ended);
  }

  Told write(String nickName, Outcome outcome, long began, long ended) {
    return add(asking(Deed.WRITE, 1).nickName(nickName), outcome, began, ended);
  }

  Told bind(int token, String phone, Outcome outcome, long began, long ended) {
    return add(asking(Deed.BIND, token).phone(phone), outcome, began, ended);
  }

  Told read(String nickName, String phone, long began, long ended) {
    return add(
        asking(Deed.READ, 1).user(ALICE).nickName(nickName).phone(phone),
        Outcome.DONE,
        began,
        ended);
  }

  private Told add(Operation operation, Outcome outcome, long began, long ended) {
    operations.add(operation.told(outcome, began, ended));
    return this;
  }

  private static Operation asking(Deed deed, int token) {
    return Operation.asking(deed, "a", "alice", token(token));
  }
}
