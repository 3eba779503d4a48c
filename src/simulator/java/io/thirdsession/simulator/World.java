package io.thirdsession.simulator;

/**
 * Everything a simulator remembers. Whoever reads or changes users, codes, tokens or messages holds
 * this object's lock, so that of two uses of one code exactly one wins.
 */
record World(
    SimulatorOptions options,
    SimulatorClock clock,
    Ids ids,
    Apps apps,
    Users users,
    Codes codes,
    Tokens tokens,
    EncryptedMessages messages,
    Faults faults,
    CallLog calls) {

  static World create(SimulatorOptions options) {
    SimulatorClock clock = new SimulatorClock(options.clock());
    Ids ids = new Ids(options.random());
    return new World(
        options,
        clock,
        ids,
        new Apps(options.apps()),
        new Users(),
        new Codes(),
        new Tokens(clock, ids),
        new EncryptedMessages(),
        new Faults(),
        new CallLog());
  }

  synchronized void clear() {
    clock.clear();
    users.clear();
    codes.clear();
    tokens.clear();
    messages.clear();
    faults.clear();
    calls.clear();
  }

  /** Leaves out the state, which holds secrets. */
  @Override
  public String toString() {
    return "World" + options;
  }
}
