package io.thirdsession.history;

import static io.thirdsession.testing.AppServer.APP;

import io.thirdsession.simulator.WeChatSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The persons in whose names clients ask, a few at a time, so that requests meet. Thread-safe. */
final class Crowd {
  private final List<Person> all = new ArrayList<>(); // guarded by this
  private final List<Person> present = new ArrayList<>(); // guarded by this

  Crowd(int size) {
    for (int i = 0; i < size; i++) {
      present.add(next());
    }
  }

  synchronized Person any(Random random) {
    return present.get(random.nextInt(present.size()));
  }

  /** Lets somebody new come for this person. */
  synchronized void replace(Person tired) {
    int place = present.indexOf(tired);
    if (place >= 0) {
      present.set(place, next());
    }
  }

  /** Returns everybody who was ever here. */
  synchronized List<Person> all() {
    return List.copyOf(all);
  }

  private Person next() {
    Person person = new Person(WeChatSimulator.openIdOf(APP, "person-" + all.size()));
    all.add(person);
    return person;
  }
}
