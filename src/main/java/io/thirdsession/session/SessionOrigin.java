package io.thirdsession.session;

/** Which call made a session. */
public enum SessionOrigin {
  /** {@code POST /api/login}. */
  LOGIN("login"),
  /** {@code /getOpenid.html}, which is called at every launch and keeps no token: see below. */
  GET_OPENID("getOpenid"),
  /** {@code /onLogin.html}, whose clients keep their token. */
  ON_LOGIN("onLogin"),
  /** {@code /thirdLogin.html}, whose clients keep their token until they are closed. */
  THIRD_LOGIN("thirdLogin"),
  /** {@code /weapp/login}, whose clients keep their token. */
  WAFER("wafer"),
  /** {@code /getPhoneNumber.html}, which wants to know who it is and gives no token. */
  GET_PHONE_NUMBER("getPhoneNumber");

  private final String label;

  SessionOrigin(String label) {
    this.label = label;
  }

  /** Returns the value in the database. */
  public String label() {
    return label;
  }

  /** Returns whether a login of this origin leaves a session behind. */
  public boolean keepsSession() {
    return this != GET_PHONE_NUMBER;
  }

  /**
   * Returns whether a new session of this origin ends the one before it. A client that does not
   * keep its token cannot send it along with the next login, and would fill the cap with ghosts.
   */
  boolean replacesItsLast() {
    return this == GET_OPENID;
  }
}
