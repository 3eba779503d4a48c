package io.thirdsession.http;

import io.thirdsession.Timer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads lines and sends answers, both as long as it takes. No thread waits for a client that sends
 * or reads slowly: the container calls when there is something to read, or room to write. Nothing
 * is read while answers wait to be taken, so that a line, some answers and what is being answered
 * are all that is held. Whoever neither sends nor takes a byte for 10 s is left.
 */
final class LineExchange implements ReadListener, WriteListener, AsyncListener {
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final int MAX_LINE_LENGTH = RequestBody.MAX_LENGTH;
  private static final int BUFFER_LENGTH = 16_384;
  private static final byte[] NOTHING = {};
  private static final Logger log = LoggerFactory.getLogger(LineExchange.class);

  private final LineAnswers answers;
  private final Timer timer;
  private final RequestFacts facts;
  private final AsyncContext async;
  private final ServletInputStream in;
  private final ServletOutputStream out;

  /** Guards everything below; the timer does not wait for it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final byte[] buffer = new byte[BUFFER_LENGTH];
  private int position;
  private int limit;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean tooLong;
  private byte[] due = NOTHING;
  private boolean flushDue;
  private boolean ended;
  private boolean awaitsInput = true;
  private boolean awaitsOutput = true;
  private boolean last;
  private boolean settled;
  private long progressNanos = System.nanoTime();

  private LineExchange(
      Response.Lines body,
      RequestFacts facts,
      AsyncContext async,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    this.answers = body.answers();
    this.timer = body.timer();
    this.facts = facts;
    this.async = async;
    this.in = request.getInputStream();
    this.out = response.getOutputStream();
  }

  /** Begins to read and to answer; status and headers are set already. */
  static void start(Response.Lines body, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    AsyncContext async = request.startAsync(request, response);
    LineExchange exchange =
        new LineExchange(body, RequestFacts.of(request), async, request, response);
    async.setTimeout(0);
    async.addListener(exchange);
    exchange.watch();
    exchange.in.setReadListener(exchange);
    exchange.out.setWriteListener(exchange);
  }

  @Override
  public void onDataAvailable() throws IOException {
    lock.lock();
    try {
      awaitsInput = false;
      goOn();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onAllDataRead() throws IOException {
    lock.lock();
    try {
      awaitsInput = false;
      ended = true;
      goOn();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onWritePossible() throws IOException {
    lock.lock();
    try {
      awaitsOutput = false;
      goOn();
    } finally {
      lock.unlock();
    }
  }

  /** Answers are sent before anything is read, and whole lines are answered before it waits. */
  private void goOn() throws IOException {
    progressNanos = System.nanoTime();
    while (!settled) {
      if (due.length > 0 || flushDue) {
        if (!isReadyToSend()) {
          return;
        }
        send();
      } else if (last) {
        complete();
      } else if (answers.isFull()) {
        answer();
      } else if (position < limit) {
        take();
      } else if (ended) {
        endLine(tooLong || line.size() > 0);
        last = true;
        answer();
      } else if (!isReadyToRead()) {
        answer();
        if (due.length == 0) {
          return;
        }
      } else {
        read();
      }
    }
  }

  private boolean isReadyToSend() {
    awaitsOutput = awaitsOutput || !out.isReady();
    return !awaitsOutput;
  }

  private void send() throws IOException {
    if (due.length > 0) {
      byte[] sent = due;
      due = NOTHING;
      flushDue = true;
      out.write(sent);
    } else {
      flushDue = false;
      out.flush();
    }
  }

  private boolean isReadyToRead() {
    awaitsInput = awaitsInput || !in.isReady();
    return !awaitsInput;
  }

  private void read() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    ended = limit == 0;
  }

  private void answer() {
    due = answers.answer();
    last = last || answers.isOver();
    progressNanos = System.nanoTime();
  }

  /** Takes what is read up to the end of a line. */
  private void take() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    if (line.size() + end - position > MAX_LINE_LENGTH) {
      tooLong = true;
      line.reset();
    }
    if (!tooLong) {
      line.write(buffer, position, end - position);
    }
    endLine(end < limit);
    position = end + 1;
  }

  private void endLine(boolean whole) {
    if (!whole) {
      return;
    }
    if (tooLong) {
      answers.addTooLong();
    } else {
      answers.add(line.toByteArray());
    }
    tooLong = false;
    line.reset();
  }

  private void watch() {
    timer.after(SILENCE.dividedBy(4), this::look);
  }

  /** Whoever has the lock is busy with it. */
  private void look() {
    if (!lock.tryLock()) {
      watch();
      return;
    }
    try {
      if (settled) {
        return;
      }
      if (System.nanoTime() - progressNanos < SILENCE.toNanos()) {
        watch();
      } else {
        cutOff("nothing was sent or taken for " + SILENCE.toSeconds() + " s");
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection broke, or lines could not be answered. */
  @Override
  public void onError(Throwable thrown) {
    lock.lock();
    try {
      if (!settled) {
        cutOff(ApiException.of(thrown).diagnosis());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(AsyncEvent event) {
    lock.lock();
    try {
      complete();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onComplete(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}

  private void cutOff(String reason) {
    log.info("exchange of lines cut off request={} reason=\"{}\"", facts.loggedId(), reason);
    complete();
  }

  private void complete() {
    if (settled) {
      return;
    }
    settled = true;
    answers.close();
    try {
      async.complete();
    } catch (IllegalStateException e) {
      log.debug("completed already", e);
    }
  }
}
