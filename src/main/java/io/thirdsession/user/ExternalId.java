package io.thirdsession.user;

import java.util.regex.Pattern;

/** The id by which the company's own systems know a user: what it looks like. */
public final class ExternalId {
  /** The whole of an id; case matters. */
  public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private ExternalId() {}
}
