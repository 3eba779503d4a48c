package io.thirdsession.history;

import static io.thirdsession.history.Deed.END_ALL;
import static io.thirdsession.history.Deed.ERASE;
import static io.thirdsession.history.Deed.LOGOUT;
import static io.thirdsession.history.Outcome.DONE;
import static io.thirdsession.history.Outcome.REFUSED;
import static io.thirdsession.history.Outcome.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds what was planted, and nothing where all is well. */
class HistoryCheckerTest {
  private final Told told = new Told();

  @Test
  void aPlainHistoryIsClean() {
    told.login(1, 0, 10)
        .check(1, DONE, 11, 12)
        .write("n1", DONE, 13, 14)
        .bind(1, "138****0001", DONE, 15, 16)
        .read("n1", "138****0001", 17, 18)
        .ask(LOGOUT, 1, DONE, 19, 20)
        .check(1, REFUSED, 21, 22);

    assertClean();
  }

  @Test
  void aLoginThatIsRefusedAfterwardsIsALoss() {
    told.login(1, 0, 10).check(1, REFUSED, 11, 12);

    assertFound("loss");
  }

  @Test
  void aLoginThatIsRefusedBeforeAnybodyAskedToEndItIsALoss() {
    told.login(1, 0, 10).check(1, REFUSED, 11, 12).ask(LOGOUT, 1, UNKNOWN, 13, 14);

    assertFound("loss");
  }

  @Test
  void aLogoutThatWasRefusedExplainsNothing() {
    told.login(1, 0, 10).ask(LOGOUT, 1, REFUSED, 11, 12);

    assertFound("loss");
  }

  @Test
  void aCheckBesideALogoutMayGoEitherWay() {
    told.login(1, 0, 10)
        .ask(LOGOUT, 1, DONE, 20, 40)
        .check(1, DONE, 25, 45)
        .check(1, REFUSED, 15, 30);

    assertClean();
  }

  @Test
  void aSessionThatIsAcceptedAfterItsLogoutIsAGhost() {
    told.login(1, 0, 10).ask(LOGOUT, 1, DONE, 20, 30).check(1, DONE, 31, 32);

    assertFound("ghost");
  }

  @Test
  void aSessionThatIsAcceptedAfterItWasRefusedIsAGhost() {
    told.login(1, 0, 10)
        .ask(LOGOUT, 1, UNKNOWN, 20, 30)
        .check(1, REFUSED, 31, 32)
        .check(1, DONE, 33, 34);

    assertFound("ghost");
  }

  @Test
  void anUnknownLogoutMayTakeEffectLaterOrNever() {
    told.login(1, 0, 10)
        .ask(LOGOUT, 1, UNKNOWN, 20, 30)
        .check(1, DONE, 31, 32)
        .check(1, REFUSED, 40, 41);
    told.login(2, 0, 10).ask(LOGOUT, 2, UNKNOWN, 20, 30).check(2, DONE, 31, 32);

    assertClean();
  }

  @Test
  void endingAllEndsWhatWasThereBefore() {
    told.login(1, 0, 10)
        .login(2, 0, 10)
        .ask(END_ALL, 2, DONE, 20, 30)
        .check(1, REFUSED, 31, 32)
        .check(2, DONE, 31, 32);

    assertFound("ghost");
  }

  @Test
  void aLoginBesideEndingAllMayLiveOrNot() {
    told.login(1, 0, 10)
        .ask(END_ALL, 1, DONE, 20, 30)
        .login(2, 25, 35)
        .check(2, DONE, 40, 41)
        .login(3, 25, 35)
        .check(3, REFUSED, 40, 41);

    assertClean();
  }

  @Test
  void aLoginAfterEndingAllMustLive() {
    told.login(1, 0, 10).ask(END_ALL, 1, DONE, 20, 30).login(2, 31, 35).check(2, REFUSED, 40, 41);

    assertFound("loss");
  }

  @Test
  void anotherNumberMayEndTheOtherSessionsButNotItsOwn() {
    told.login(1, 0, 10)
        .login(2, 0, 10)
        .bind(1, "138****0001", DONE, 20, 30)
        .check(2, REFUSED, 31, 32);
    assertClean();

    told.check(1, REFUSED, 31, 32);
    assertFound("loss");
  }

  @Test
  void aTokenOfTwoUsersIsAMixUp() {
    told.login(1, 0, 10).checkOf("user-of-bob", 1, 11, 12);

    assertFound("mix-up");
  }

  @Test
  void aTokenThatTwoLoginsGaveIsAMixUp() {
    told.login(1, 0, 10).login("bob", 1, "user-of-bob", 11, 12);

    assertFound("mix-up");
  }

  @Test
  void oneLoginThatIsAnsweredTwiceIsClean() {
    told.login(1, 0, 10).login(1, 2, 14).check(1, DONE, 15, 16);

    assertClean();
  }

  @Test
  void anAnswerThatRepeatsAnEndedSessionIsAGhost() {
    told.login(1, 0, 10).ask(LOGOUT, 1, DONE, 11, 12).login(1, 13, 14);

    assertFound("ghost");
  }

  @Test
  void oneUserOfTwoOpenIdsIsAMixUp() {
    told.login(1, 0, 10).login("bob", 2, Told.ALICE, 0, 10);

    assertFound("mix-up");
  }

  @Test
  void twoUsersOfOneOpenIdAreTwins() {
    told.login(1, 0, 10).login("alice", 2, "twin-of-alice", 5, 15);

    assertFound("twin");
  }

  @Test
  void anotherUserAfterAnErasureIsNoTwin() {
    told.login(1, 0, 10)
        .ask(ERASE, 1, DONE, 20, 30)
        .login("alice", 2, "alice-again", 25, 35)
        .check(1, REFUSED, 31, 32);

    assertClean();
  }

  @Test
  void anotherUserBeforeTheErasureIsATwin() {
    told.login(1, 0, 10).login("alice", 2, "alice-again", 11, 19).ask(ERASE, 1, DONE, 20, 30);

    assertFound("twin");
  }

  @Test
  void anUnknownErasureThatWasSeenNotToBeDoneYetAllowsNoOther() {
    told.login(1, 0, 10)
        .ask(ERASE, 1, UNKNOWN, 11, 12)
        .login("alice", 2, "alice-again", 13, 19)
        .check(1, DONE, 20, 21);

    assertFound("twin");
  }

  @Test
  void anErasedUserWhoLogsInIsAGhost() {
    told.login(1, 0, 10).ask(ERASE, 1, DONE, 20, 30).login(2, 31, 32);

    assertFound("ghost");
  }

  @Test
  void aSessionOfAnErasedUserIsAGhostWheneverItBegan() {
    told.login(1, 0, 10).ask(ERASE, 1, DONE, 20, 30).login(2, 21, 29).check(2, DONE, 31, 32);

    assertFound("ghost");
  }

  @Test
  void aLostProfileIsFound() {
    told.login(1, 0, 10).write("n1", DONE, 11, 12).write("n2", DONE, 13, 14).read("n1", "", 15, 16);

    assertFound("lost write");
  }

  @Test
  void aLostFirstProfileIsFound() {
    told.login(1, 0, 10).write("n1", DONE, 11, 12).read("", "", 15, 16);

    assertFound("lost write");
  }

  @Test
  void aLostPhoneNumberIsFound() {
    told.login(1, 0, 10).bind(1, "138****0001", DONE, 11, 12).read("", "", 15, 16);

    assertFound("lost write");
  }

  @Test
  void aProfileOfSomebodyElseIsAMixUp() {
    told.login(1, 0, 10).read("of-bob", "", 15, 16);

    assertFound("mix-up");
  }

  private void assertClean() {
    assertEquals(List.of(), HistoryChecker.check(told.operations()));
  }

  private void assertFound(String what) {
    List<String> wrong = HistoryChecker.check(told.operations());
    assertEquals(1, wrong.size(), wrong.toString());
    assertTrue(wrong.get(0).startsWith(what), wrong.toString());
  }
}
