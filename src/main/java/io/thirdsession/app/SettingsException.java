package io.thirdsession.app;

import java.util.List;

/** The configuration has faults; all of them are listed, and no value of a secret is. */
final class SettingsException extends RuntimeException {
  private final List<String> faults;

  SettingsException(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** Returns one line for each fault, beginning with the name of the setting. */
  List<String> faults() {
    return faults;
  }
}
