package io.thirdsession.app;

import java.util.Locale;

/** Clients of other servers that are served as they are. */
enum OlderClients {
  /** Those of the tutorials. */
  SEED,
  /** Those with one of wafer's client SDKs. */
  WAFER;

  /** Returns how they are named in {@code COMPAT}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
