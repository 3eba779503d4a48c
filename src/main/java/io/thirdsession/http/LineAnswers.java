package io.thirdsession.http;

/**
 * Answers the lines of a request's body while more of them arrive. Called by one thread at a time,
 * which is the container's and may wait for the database.
 */
public interface LineAnswers extends AutoCloseable {
  /** Takes the next line, without its end. */
  void add(byte[] line);

  /** Takes note of a line of which nothing is kept, for it is too long. */
  void addTooLong();

  /** Returns whether there are enough lines to be answered now. */
  boolean isFull();

  /** Returns the answers to the lines that have none yet; none if there are no such lines. */
  byte[] answer();

  /** Returns whether no more lines are to be read, though there may be some. */
  boolean isOver();

  /** Releases what is held for this body. Called once, however the exchange ends. */
  @Override
  void close();
}
