import { code, find, make } from './dom.js';
import { number, time, word } from './words.js';

const WORST_FIRST = ['failed', 'warning', 'ok'];
const COUNTER = /^(\w+_total|\w+_seconds_count)(?:\{(.*)\})? (\S+)$/;

/** Reads the counters in Prometheus' text: name with labels to value. */
export function counters(text) {
  const found = new Map();
  for (const line of text.split('\n')) {
    const parts = COUNTER.exec(line);
    if (parts) {
      found.set(JSON.stringify([parts[1], parts[2] ?? '']), Number(parts[3]));
    }
  }
  return found;
}

/** What the node that answers says of itself: its doctor, and what it has counted since somebody signed in. */
export class NodePanel {
  #page;
  #checks = null;
  #examining = null;
  #since = null;
  #before = null;
  #now = null;

  /** @param page has the API, what its client may do, and says what came of something */
  constructor(page) {
    this.#page = page;
  }

  get mayExamine() {
    return this.#page.mayAll('manage');
  }

  get mayCount() {
    return this.#page.mayAll('metrics');
  }

  /** Begins to count, or forgets what somebody else has seen. */
  async begin() {
    this.#checks = null;
    this.#before = null;
    this.#now = null;
    this.#since = null;
    if (this.#page.api && this.mayCount) {
      await this.count().catch(refusal => {
        if (refusal.status === undefined) {
          throw refusal; // a fault of this page
        }
      });
    }
  }

  /** Reads what has not been read yet. */
  async open() {
    await Promise.all([
      this.mayExamine && !this.#checks && !this.#examining ? this.examine() : null,
      this.mayCount ? this.count() : null,
    ]);
  }

  /** Asks the doctor, who speaks the language of the page, once he has answered the last time. */
  examine() {
    const last = this.#examining ?? Promise.resolve();
    const mine = last.catch(() => {}).then(() => this.#ask()).finally(() => {
      this.#examining = this.#examining === mine ? null : this.#examining;
      this.render();
    });
    this.#examining = mine;
    return mine;
  }

  async #ask() {
    const api = this.#page.api;
    if (!api) {
      return;
    }
    this.#checks = null;
    this.render();
    const { checks } = await api.get('doctor');
    if (api === this.#page.api) { // else somebody else has signed in meanwhile
      this.#checks = checks;
    }
  }

  /** Forgets what the doctor said, which was in another language. */
  forget() {
    this.#checks = null;
  }

  /** Reads the counters. */
  async count() {
    const api = this.#page.api;
    const read = counters(await api.metrics());
    if (api === this.#page.api) {
      this.#before ??= read;
      this.#since = this.#before === read ? new Date() : this.#since;
      this.#now = read;
      this.render();
    }
  }

  #summary() {
    return WORST_FIRST
      .map(status => word(status) + ' ' + number(this.#checks.filter(check => check.status === status).length))
      .join(' · ');
  }

  render() {
    if (!this.#page.api) {
      return; // signed out meanwhile
    }
    find('#doctor').hidden = !this.mayExamine;
    find('#counters').hidden = !this.mayCount;
    find('#checks-summary').textContent = this.#checks ? this.#summary() : '';
    find('#checks').replaceChildren(...(this.#examining && !this.#checks
      ? [make('li', { className: 'soft empty' }, word('examining'))]
      : this.#sorted().map(check =>
        make('li', { className: 'check' },
          make('span', { className: `pill ${check.status}` }, word(check.status)),
          code(check.name),
          make('span', {}, check.message),
          check.cure ? make('strong', {}, word('cure') + check.cure) : null))));
    find('#counted-since').textContent = this.#since ? word('since') + time(this.#since) : '';
    const counted = this.#counted();
    find('#counted').replaceChildren(...(counted.length ? counted : [make('li', { className: 'soft empty' }, word('nothingCounted'))]));
  }

  #sorted() {
    return [...this.#checks ?? []].sort((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status));
  }

  /** A counter that went back began anew, with its node, or is another node's. */
  #counted() {
    return [...this.#now ?? []]
      .map(([key, value]) => {
        const before = this.#before.get(key) ?? 0;
        return [JSON.parse(key), value < before ? value : value - before];
      })
      .filter(([, more]) => more > 0)
      .map(([[name, labels], more]) =>
        make('li', { className: 'counter' },
          make('span', {}, code(name), ' ', make('span', { className: 'soft small' }, labels)),
          make('strong', {}, '+' + number(more))));
  }
}
