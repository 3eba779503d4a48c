package io.thirdsession.http;

import java.util.Locale;

/** A sentence for people, in both languages. */
public record Message(String chinese, String english) {
  /** Returns it in English, or in Chinese for every other language. */
  public String in(Locale locale) {
    return locale.getLanguage().equals("en") ? english : chinese;
  }
}
