import { ask } from './dialogs.js';
import { button, code, facts, find, make } from './dom.js';
import { eventName, time, word } from './words.js';

/** What the page shows of one user, and does to them. */
export class UserPanel {
  #element = find('#user');
  #page;
  #user = null;
  #sessions = [];
  #events = [];
  #next = undefined;

  /** @param page has the API, what its client may do, and says what came of something */
  constructor(page) {
    this.#page = page;
  }

  get userId() {
    return this.#user?.userId;
  }

  /** Shows this user, with what is read of them meanwhile; nobody if there is none. */
  async show(user) {
    this.#user = user;
    this.#sessions = [];
    this.#events = [];
    this.#next = undefined;
    this.render();
    if (user) {
      await this.#read();
    }
  }

  async #read() {
    const user = this.#user;
    const path = `users/${user.userId}`;
    const [sessions, trail] = await Promise.all([
      this.#page.api.get(`${path}/sessions`),
      this.#page.may('manage') ? this.#page.api.get(`${path}/audit`).catch(forbidden) : { events: [] },
    ]);
    if (user === this.#user) { // else another one was chosen meanwhile
      this.#sessions = sessions.sessions;
      this.#events = trail.events;
      this.#next = trail.next;
      this.render();
    }
  }

  async #readOlder() {
    const user = this.#user;
    const trail = await this.#page.api.get(`users/${user.userId}/audit?before=${this.#next}`);
    if (user === this.#user) {
      const first = this.#events.length;
      this.#events = [...this.#events, ...trail.events];
      this.#next = trail.next;
      this.render();
      this.#element.querySelectorAll('.event')[first]?.focus();
    }
  }

  render() {
    this.#element.setAttribute('aria-labelledby', this.#user ? 'user-title' : 'list-title');
    const { id } = document.activeElement;
    this.#element.replaceChildren(...(this.#user ? this.#parts(this.#user) : [make('p', { className: 'soft empty' }, word('choose'))]));
    if (id && document.activeElement.id !== id) {
      document.getElementById(id)?.focus({ preventScroll: true }); // what has the focus may be made anew
    }
  }

  #parts(user) {
    return [
      make('div', { className: 'head' },
        make('h2', { id: 'user-title', tabIndex: -1, className: user.nickName ? 'name' : 'name soft' }, user.nickName || word('noName')),
        button(word('back'), () => this.#page.backToList(), 'plain back')),
      facts([
        ['userId', code(user.userId)],
        [word('state'), make('span', { className: user.disabled ? 'pill bad' : 'pill' }, word(user.disabled ? 'disabled' : 'enabled'))],
        [word('phone'), user.phoneNumber || user.maskedPhone],
        [word('createdAt'), time(user.createdAt)],
        [word('lastLoginAt'), time(user.lastLoginAt)],
        [word('gender'), [null, word('male'), word('female')][user.gender]],
        [word('region'), [user.country, user.province, user.city].filter(Boolean).join(' ')],
        [word('title'), user.title],
      ]),
      this.#page.may('manage') ? this.#actions(user) : null,
      make('h3', {}, word('identities')),
      make('ul', { className: 'items identities' }, ...user.identities.map(identity =>
        make('li', {}, facts([
          ['appid', code(identity.appid)],
          ['openid', code(identity.openid)],
          ['unionid', identity.unionid && code(identity.unionid)],
        ])))),
      make('h3', {}, `${word('sessions')} ${this.#sessions.length || ''}`),
      ...this.#items(this.#sessions, session => this.#session(session), 'noSessions'),
      ...(this.#page.may('manage')
        ? [make('h3', {}, word('audit')), ...this.#items(this.#events, event, 'noAudit')]
        : []),
      this.#next ? button(word('older'), () => this.#page.doing(() => this.#readOlder()), 'more') : null,
    ].filter(Boolean);
  }

  #items(items, item, none) {
    return items.length
      ? [make('ul', { className: 'items' }, ...items.map(item))]
      : [make('p', { className: 'soft' }, word(none))];
  }

  #actions(user) {
    return make('div', { className: 'actions' },
      user.disabled
        ? button(word('enable'), () => this.#act('enable', { ask: 'enableAsk', did: 'didEnable' }))
        : button(word('disable'), () => this.#act('disable', { ask: 'disableAsk', did: 'didDisable' })),
      button(word('endSessions'), () => this.#act('endSessions', { path: 'end-sessions', ask: 'endSessionsAsk', did: 'didEndSessions' })),
      button(word('erase'), () => this.#erase(), 'danger'));
  }

  #session(session) {
    const device = deviceName(session.device);
    return make('li', { className: 'session' },
      make('div', {},
        make('strong', {}, device),
        make('span', { className: 'soft' }, ` ${session.address} · ${session.origin}`),
        facts([
          ['appid', code(session.appid)],
          [word('began'), time(session.createdAt)],
          [word('lastSeen'), time(session.lastSeenAt)],
          [word('expires'), time(session.expiresAt)],
          ['sid', code(session.sid)],
        ])),
      this.#page.may('manage')
        ? make('button', { type: 'button', 'aria-label': `${word('endSessionOf')}${device} ${session.sid}`, on: () => this.#endOne(session) }, word('endSession'))
        : null);
  }

  async #act(name, { path = name, ask: question, did }) {
    const user = this.#user;
    if (!await ask({ title: word(name), text: word(question), action: word(name) })) {
      return;
    }
    await this.#page.doing(async () => {
      await this.#page.api.post(`users/${user.userId}/${path}`);
      this.#page.say(word(did));
      await this.#readAgain(user);
    });
  }

  async #endOne(session) {
    const user = this.#user;
    if (!await ask({ title: word('endSession'), text: word('endSessionAsk'), action: word('endSession') })) {
      return;
    }
    await this.#page.doing(async () => {
      await this.#page.api.delete(`users/${user.userId}/sessions/${session.sid}`);
      this.#page.say(word('didEndSession'));
      await this.#readAgain(user);
    });
  }

  async #erase() {
    const user = this.#user;
    if (!await ask({ title: word('erase'), text: word('eraseAsk'), type: user.userId, action: word('erase') })) {
      return;
    }
    await this.#page.doing(async () => {
      await this.#page.api.delete(`users/${user.userId}`);
      this.#page.say(word('didErase'));
      this.#page.gone(user.userId);
      this.#page.backToList();
    });
  }

  async #readAgain(user) {
    const { users } = await this.#page.api.get(`users?userId=${user.userId}`);
    if (users.length) {
      this.#page.changed(users[0]);
      await this.show(users[0]);
      find('#user-title').focus();
    }
  }
}

/** Of a user who has other apps too, a client of some does not see the trail. */
function forbidden(refusal) {
  if (refusal.status === 403) {
    return { events: [] };
  }
  throw refusal;
}

function deviceName(device) {
  const named = [device.brand, device.model, device.system, device.platform].filter(value => typeof value === 'string' && value);
  return [...new Set(named)].join(' ') || word('unknownDevice');
}

function event(recorded) {
  return make('li', { className: 'event', tabIndex: -1 },
    make('span', { className: 'soft' }, time(recorded.at)),
    make('strong', {}, eventName(recorded.event)),
    make('span', {}, [
      recorded.appid,
      recorded.client && `${word('by')} ${recorded.client}`,
      recorded.address,
      recorded.detail,
    ].filter(Boolean).join(' · ')));
}
