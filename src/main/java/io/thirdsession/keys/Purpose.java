package io.thirdsession.keys;

/**
 * What a derived key is for. Each purpose has its own key, so that a value made for one purpose
 * cannot pass as a value of another.
 */
public enum Purpose {
  /** The tag at the end of a third session token. */
  TOKEN_TAG("token-tag"),
  /** What the database keeps of a token's secret. */
  SESSION("session"),
  /** The MAC by which an identity's row is known to say what a login wrote there. */
  IDENTITY("identity"),
  /** Sealing WeChat's session_key at rest. */
  SESSION_KEY("session-key"),
  /** Telling whether a login brought the session_key that is stored already. */
  SESSION_KEY_FINGERPRINT("session-key-fingerprint"),
  /** Sealing phone numbers at rest. */
  PHONE("phone"),
  /** Finding the holders of a phone number without opening any. */
  PHONE_LOOKUP("phone-lookup"),
  /** The path of a user's picture, which nobody can guess. */
  AVATAR_ID("avatar-id"),
  /** The value by which the database recognises a master key. */
  MASTER_KEY_CHECK("master-key-check");

  private final String label;

  Purpose(String label) {
    this.label = label;
  }

  /** Returns the name that goes into derivation and into the additional data of sealed values. */
  String label() {
    return label;
  }
}
