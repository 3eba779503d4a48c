// The sequence diagram: three lifelines, a row for each message; a row opens to the request and the answer.

import { both, calm, el, icon, pause } from '/dev/dom.js';

const KEPT = 60; // exchanges; older ones leave the diagram
const PACE = 240; // ms: a call takes a few, and nobody could follow
const LANES = { phone: ['手机', 'Phone'], server: ['服务端', 'Server'], wechat: ['微信', 'WeChat'] };

/**
 * One request and its answer: {from, to, label, method, url, headers, body, status, answer, result, other, secret}.
 * `label` and `result` are what the arrows say; `secret` marks an answer that bears a session_key.
 */
export class Sequence {
  constructor({ list, live, onMessage }) {
    Object.assign(this, { list, live, onMessage });
    this.scroller = list.parentElement;
    this.title = null;
    this.exchanges = [];
    this.count = 0;
    // One stop for Tab, however many messages there are; the arrow keys go on from there.
    list.addEventListener('keydown', (event) => this.walk(event));
    list.addEventListener('focusin', ({ target }) => target.matches('.message > button') && this.stopAt(target));
  }

  /** Names what follows. Nothing is shown before something does follow. */
  chapter(title, tone) {
    this.title = { title, tone };
  }

  /** The request leaves. */
  begin(exchange) {
    this.showTitle();
    this.exchanges.push(exchange);
    exchange.rows = [];
    this.add(exchange, this.row(exchange, false));
    if (this.exchanges.length > KEPT) this.exchanges.shift().rows.forEach((row) => row.remove());
    return exchange;
  }

  buttons() {
    return [...this.list.querySelectorAll('.message > button')];
  }

  stopAt(button) {
    this.buttons().forEach((each) => { each.tabIndex = each === button ? 0 : -1; });
  }

  walk(event) {
    const buttons = this.buttons();
    const at = buttons.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[to]?.focus();
  }

  /** The answer is there; before it come the calls to WeChat that the server has made for it. */
  async finish(exchange, calls = []) {
    await pause(PACE);
    for (const call of calls) {
      this.begin(call);
      await pause(PACE);
      this.end(call);
      await pause(PACE);
    }
    this.end(exchange);
    await pause(PACE);
  }

  end(exchange) {
    exchange.rows[0].classList.remove('pending');
    if (exchange === this.opened?.exchange) this.close(); // it was opened while there was no answer
    this.add(exchange, this.row(exchange, true));
    if (exchange.from === 'phone') this.say(exchange);
  }

  say({ label, result, status }) {
    this.live.textContent = `${label}: ${status ?? ''} ${result}`;
  }

  showTitle() {
    if (!this.title) return;
    const { title, tone = '' } = this.title;
    this.title = null;
    this.list.append(el('li', { class: `chapter ${tone}` }, el('span', {}, both(...title))));
  }

  add(exchange, row) {
    const near = this.isAtEnd();
    exchange.rows.push(row);
    this.list.append(row);
    if (!this.list.contains(document.activeElement)) this.stopAt(row.firstElementChild);
    // Emptied chapters go with what they named.
    while (this.list.firstElementChild.matches('.chapter:has(+ .chapter)')) this.list.firstElementChild.remove();
    if (near) this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: calm ? 'auto' : 'smooth' });
    this.onMessage?.(exchange);
  }

  /** Whoever reads further up, or has a message open, is left in peace. */
  isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return !this.opened && scrollHeight - scrollTop - clientHeight < 240;
  }

  row(exchange, back) {
    const [from, to] = back ? [exchange.to, exchange.from] : [exchange.from, exchange.to];
    const number = this.count++;
    const inside = exchange.from === 'server' ? ' inside' : '';
    const tone = `${exchange.other ? ' other' : ''}${back && isBad(exchange) ? ' bad' : ''}`;
    const row = el('li', {
      class: `message ${from}-${to}${back ? ' back' : ' pending'}${inside}${tone}${exchange.to === 'server' || inside ? ' serving' : ''}`,
    });
    const button = el('button', {
      type: 'button', 'aria-expanded': 'false', 'aria-controls': `message-${number}`, click: () => this.toggle(exchange, row, button),
    },
    el('span', { class: 'hidden' }, both(`${LANES[from][0]} → ${LANES[to][0]}：`, `${LANES[from][1]} → ${LANES[to][1]}: `)),
    el('span', { class: 'arrow' }, el('span', { class: 'label' }, exchange.other && !back ? el('b', { class: 'badge' }, both('另一台', 'other')) : '',
      back ? answerLabel(exchange) : exchange.label)),
    back && exchange.secret ? el('span', { class: 'vault' }, icon('lock'), el('code', {}, 'session_key'), el('span', {}, both('留在服务端', 'stays here'))) : '');
    row.append(button, el('div', { id: `message-${number}`, class: 'detail', hidden: true }));
    return row;
  }

  toggle(exchange, row, button) {
    const again = this.opened?.row === row;
    this.close();
    if (again) return;
    const detail = row.querySelector('.detail');
    detail.replaceChildren(...describe(exchange));
    detail.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    this.opened = { exchange, row, button };
    row.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  }

  close() {
    if (!this.opened) return;
    this.opened.button.setAttribute('aria-expanded', 'false');
    this.opened.row.querySelector('.detail').hidden = true;
    this.opened = null;
  }
}

function isBad({ status, fault }) {
  return fault || !status || status >= 400;
}

function answerLabel({ status, result }) {
  if (!status) return both('没有回答', 'no answer');
  return [status === 200 ? '' : `${status} `, result];
}

/* A message, opened */

function describe(exchange) {
  const { method, url, headers = {}, body, status, answer, via } = exchange;
  const head = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n');
  return [
    via ? el('p', { class: 'via' }, both(`模拟器代替微信：${via}`, `The simulator plays WeChat: ${via}`)) : '',
    el('h3', {}, both('请求', 'Request')),
    el('pre', {}, head, body ? ['\n\n', json(body)] : ''),
    el('h3', {}, both('响应', 'Answer')),
    'result' in exchange
      ? el('pre', {}, status ? String(status) : both('没有回答', 'no answer'), answer ? ['\n\n', json(answer)] : '')
      : el('pre', {}, both('还没有……', 'not yet…')),
  ];
}

/** Pretty JSON with coloured keys. Of a session_key nothing is shown, whatever stands there. */
function json(value) {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, shortened, 2).split('\n').map((line, index) => {
    const [, indent, key, rest] = /^( *)("(?:[^"\\]|\\.)*": )?(.*)$/.exec(line);
    const secret = /^"session_?key": $/i.test(key ?? '');
    return [index ? '\n' : '', indent, key ? el('span', { class: 'key' }, key) : '',
      secret ? el('span', { class: 'kept' }, icon('lock'), both('留在服务端', 'stays here')) : key ? el('span', { class: 'value' }, rest) : rest];
  });
}

function shortened(name, value) {
  return typeof value === 'string' ? brief(value) : value;
}

/** A token is enough to be somebody, and too long to look at. */
export function brief(text) {
  return text.replace(/3rd_[A-Za-z0-9_-]{20,}/g, (token) => `${token.slice(0, 9)}…${token.slice(-4)}`);
}
