package io.thirdsession.history;

import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.simulator.WeChatSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Clients that work at the same time until they are told to stop. */
final class Workload implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final Crowd crowd;
  private final List<Client> clients = new ArrayList<>();
  private final List<CompletableFuture<Void>> working = new ArrayList<>();
  private final ExecutorService threads;
  private final Duration pause;

  /** Clients hold it for reading while they ask, and whoever lets them rest for writing. */
  private final ReadWriteLock resting = new ReentrantReadWriteLock();

  private volatile boolean stopped;

  /**
   * Makes so many clients, which ask these nodes in the names of so many persons at a time.
   *
   * @param pause of each client, after each thing that it asked
   */
  Workload(
      History history,
      List<Node> nodes,
      WeChatSimulator weChat,
      int clients,
      int persons,
      Duration pause,
      Random random) {
    this.pause = pause;
    this.crowd = new Crowd(persons);
    this.threads = Executors.newFixedThreadPool(clients);
    for (int i = 0; i < clients; i++) {
      this.clients.add(new Client(history, nodes, weChat, random.nextLong()));
    }
  }

  void start() {
    for (Client client : clients) {
      working.add(CompletableFuture.runAsync(() -> work(client), threads));
    }
  }

  private void work(Client client) {
    while (!stopped) {
      resting.readLock().lock();
      try {
        client.ask(crowd);
      } finally {
        resting.readLock().unlock();
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /** Lets the clients rest, once all that they asked is answered. */
  void rest() {
    resting.writeLock().lock();
  }

  /** Lets them work again; to be called by the thread that let them rest. */
  void goOn() {
    resting.writeLock().unlock();
  }

  /** Fails at once if a client has failed. */
  void assertWorking() {
    working.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
  }

  /** Ends the work and asks once more about every token, until all of it is answered. */
  void finish() {
    stopped = true;
    working.forEach(CompletableFuture::join);
    List<CompletableFuture<Void>> asking = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      int first = i;
      asking.add(CompletableFuture.runAsync(() -> askFinally(first), threads));
    }
    asking.forEach(CompletableFuture::join);
  }

  private void askFinally(int first) {
    List<Person> persons = crowd.all();
    for (int i = first; i < persons.size(); i += clients.size()) {
      Person person = persons.get(i);
      within(ANSWER, () -> assertTrue(clients.get(first).askFinally(person), "no answers"));
    }
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
  }
}
