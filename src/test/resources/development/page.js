// The development page: a phone that runs the sample, the calls it causes, and switches for WeChat's bad days.

import { both, el, icon, language, memory, onLanguage, pause, pick, speak } from '/dev/dom.js';
import { control, createSend, storageOf, WeChatCalls } from '/dev/host.js';
import { loadSample, MiniProgram } from '/dev/mini.js';
import { createRequire } from '/dev/modules.js';
import { Phone, say } from '/dev/phone.js';
import { brief, Sequence } from '/dev/sequence.js';
import { CHAPTERS } from '/dev/words.js';

const byId = (id) => document.getElementById(id);
const EVERY = 5000; // ms between looks at the server's state

/* Language: ?lang=, else the last choice, else the browser's. */

const known = (chosen) => chosen === 'zh' || chosen === 'en';
const wanted = new URLSearchParams(location.search).get('lang');
const languageButtons = [...document.querySelectorAll('[data-language]')];

onLanguage(() => languageButtons.forEach((button) => {
  button.setAttribute('aria-pressed', button.dataset.language === language());
}));
speak([wanted, memory.get('lang')].find(known) ?? (/^zh/i.test(navigator.language) ? 'zh' : 'en'));
languageButtons.forEach((button) => button.addEventListener('click', () => {
  memory.set('lang', button.dataset.language);
  speak(button.dataset.language);
  if (wanted) history.replaceState(null, '', location.pathname); // else a reload would undo the choice
}));

/* The server's state */

async function ask(path) {
  try {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(4000) });
    return { ok: response.ok, answer: await response.json() };
  } catch {
    return { ok: false, answer: null };
  }
}

function showState(ready, state) {
  const parts = ready.ok ? { database: 'ok', schema: 'ok', configuration: 'ok' } : ready.answer ?? {};
  const database = parts.database === 'ok' ? parts.schema : parts.database;
  pill('database', database, '数据库', 'database');
  pill('configuration', parts.configuration, '配置', 'configuration');
  // Readiness does not ask WeChat.
  if (state?.weChatOwn) pill('wechat', 'ok', '真实微信', 'real WeChat');
  else pill('wechat', state ? 'ok' : undefined, '微信模拟器', 'WeChat simulator');
  byId('stopped').hidden = ready.ok || ready.answer !== null;
  if (state) byId('details').replaceChildren(...both(details(state).map(chinese).join(' · '), details(state).join(' · ')));
}

const details = ({ database, weChatOwn, weChat, weChatUrl, apps = [], configuration }) =>
  [database, weChatOwn ? weChat : `simulator at ${weChatUrl}`, ...apps, `master key: ${configuration}`];

/** The server describes its stand-ins in English. */
const chinese = (text) => text
  .replace(/^embedded (.+) in (.+)$/, '内嵌 $1，数据在 $2')
  .replace(/^simulator at /, '模拟器 ')
  .replace(/^master key: made once, kept in (.+)$/, '主密钥自动生成，保存在 $1')
  .replace(/^master key: /, '主密钥：');

/** What did not change is not drawn again: a screen reader hears changes only. */
function pill(id, state, zh, en) {
  const shown = `${state} ${en}`;
  if (byId(id).dataset.shown === shown) return;
  byId(id).dataset.shown = shown;
  byId(id).className = state === 'ok' ? 'pill' : 'pill bad';
  // Never told by colour alone.
  byId(id).replaceChildren(...both(zh, en), state === 'ok' ? el('span', { class: 'hidden' }, ' OK') : ` ${state ?? '?'}`);
}

async function look() {
  const [ready, { answer: state }] = await Promise.all([ask('/readyz'), ask('/dev/state')]);
  showState(ready, state);
  return state;
}

async function lookForEver() {
  if (!document.hidden) await look();
  setTimeout(lookForEver, EVERY);
}

/* The stage */

/** This browser's WeChat user: another browser is somebody else. */
function openIdOfThisBrowser() {
  const kept = memory.get('openid');
  if (kept) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const drawn = `oPage-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  memory.set('openid', drawn);
  return drawn;
}

class Stage {
  constructor(sample, state) {
    this.user = { appid: state.apps[0], openid: openIdOfThisBrowser() };
    this.calls = new WeChatCalls();
    this.sequence = new Sequence({ list: byId('messages'), live: byId('live'), onMessage: (exchange) => tick(exchange) });
    this.phone = new Phone(byId('screen'), sample.styles);
    this.faults = new Faults(this, state);
    this.storage = storageOf('phone');
    const wx = this.createWx({
      storage: this.storage,
      ui: (name, options) => this.phone.ui(name, options),
      readFile: (path, done) => this.phone.readFile(path, done),
      deviceInfo: { brand: 'Apple', model: 'iPhone 15', system: 'iOS 17.1' },
      send: createSend({
        user: this.user,
        sequence: this.sequence,
        calls: this.calls,
        before: (path) => this.faults.before(path),
        after: (path, reply) => this.answered(path, reply),
      }),
    });
    this.program = new MiniProgram({
      sample, wx, say,
      view: {
        draw: (page, direction) => this.phone.draw(page, direction),
        chooseAvatar: () => this.phone.chooseAvatar(),
        openSetting: () => this.phone.openSetting(),
      },
      onTap: (what) => this.sequence.chapter(CHAPTERS[what] ?? [what, what]),
    });
    this.phone.program = this.program;
    this.other = this.createOther();
    this.doing = null;
  }

  createWx(host) {
    const { createWx } = createRequire({})('wx/index');
    return createWx({ appId: this.user.appid, openId: this.user.openid, simulator: location.origin, ...host });
  }

  /** The same user's other phone: it has no screen, and what it does by itself is not drawn. */
  createOther() {
    const loud = createSend({ user: this.user, sequence: this.sequence, calls: this.calls, other: true });
    const quiet = createSend({ user: this.user, sequence: null, calls: this.calls });
    const wx = this.createWx({
      storage: storageOf('other'),
      deviceInfo: { brand: 'Xiaomi', model: '14', system: 'Android 15' },
      send: (...call) => (this.loud ? loud : quiet)(...call),
    });
    return createRequire({ wx })('app/third-session/index').create({ wx, baseUrl: location.origin, device: true });
  }

  answered(path, reply) {
    if (path === '/api/login' && reply?.status === 200) done('login');
    if (path === '/api/me/phone' && reply?.status === 200) done('phone');
    this.showToken();
  }

  /** The token as the library has stored it, or how the last one ended. */
  showToken(ended = false) {
    const token = this.storedToken();
    byId('token').textContent = token ? brief(token) : '—';
    byId('token').classList.toggle('ended', ended);
  }

  /** What is no record of the library's is none for the library either. */
  storedToken() {
    try {
      const { token } = JSON.parse(this.storage?.getItem('third_session') ?? 'null') ?? {};
      return typeof token === 'string' ? token : null;
    } catch {
      return null;
    }
  }

  /** One thing at a time; the buttons for the others rest meanwhile. */
  async play(work) {
    if (this.doing) return;
    this.doing = true;
    document.body.classList.add('playing');
    this.phone.dismiss();
    try {
      await work();
    } finally {
      this.doing = false;
      document.body.classList.remove('playing');
      suggest();
    }
  }

  async launch() {
    this.sequence.chapter(CHAPTERS.launch);
    this.showToken();
    // Some answers end the session only when the library has read them.
    this.program.session.onSessionChange(() => this.showToken());
    await this.program.launch();
    if (this.program.session.state().loggedIn) done('login');
    // Where WeChat away just now, the other phone logs in when it is needed.
    await this.other.prepare().catch(() => {});
  }

  home() {
    return this.program.page.path.endsWith('/user') ? undefined : this.program.relaunch();
  }

  async login() {
    await this.home();
    this.sequence.chapter(CHAPTERS.relogin);
    await this.program.page.onLogin();
  }

  async loginIfNeeded() {
    if (!this.program.session.state().loggedIn) await this.login();
  }

  async bindPhone() {
    await this.loginIfNeeded();
    this.sequence.chapter(CHAPTERS['pages/phone/phone']);
    if (!this.phoneButton()) {
      await this.home();
      await this.program.open('pages/phone/phone');
    }
    this.phoneButton()?.click();
  }

  /** Missing on other pages, and on the phone page itself after the quota was gone or the login failed. */
  phoneButton() {
    return this.phone.body.querySelector('.tap:not([aria-disabled=true])');
  }

  /** The other phone ends this one's session; then this one goes on as if nothing had happened. */
  async revoke() {
    await this.loginIfNeeded();
    this.sequence.chapter(CHAPTERS.revoke, 'other');
    this.loud = true;
    try {
      await this.other.endOtherSessions();
    } catch {
      return; // what came of it is in the diagram
    } finally {
      this.loud = false;
    }
    this.showToken(true);
    await pause(900);
    this.sequence.chapter(CHAPTERS.next);
    await (this.program.page.onShow ? this.program.show() : this.program.relaunch());
    // The library has made it good without a word; who looks at the phone alone would have seen nothing.
    this.phone.toast(pick('会话被结束，已自动重新登录', 'Session ended. Logged in again.'));
    done('revoke');
  }

  /** The phone button, after something has changed WeChat's key behind the server's back. */
  async bindPhoneWithAnotherKey() {
    await this.bindPhone();
    await pause(700);
    await this.phone.tapAndAllow();
  }
}

/* What goes wrong. Faults of the simulator hold for everybody who uses it, so one at a time. */

const FAULTS = [
  { id: 'slow', name: ['微信变慢', 'Slow WeChat'], fault: { mode: 'ok', delayMs: 2000 } },
  { id: 'used', name: ['code 已被用过', 'Used code'], fault: { mode: 'errcode', errcode: 40163, path: '/sns/jscode2session' } },
  { id: 'blocked', name: ['用户被微信封禁', 'Blocked user'], block: true },
  { id: 'away', name: ['微信连不上', 'WeChat away'], fault: { mode: 'reset' } },
  { id: 'key', name: ['密钥被换掉', 'New key'], once: true },
];

class Faults {
  constructor(stage, { process }) {
    this.stage = stage;
    // The simulator forgets its faults when it stops.
    this.kept = `fault-${process}`;
    this.on = memory.get(this.kept) || null;
    byId('faults').append(...FAULTS.map((each) => {
      each.button = el('button', { type: 'button', role: 'switch', id: `fault-${each.id}`, click: () => this.flip(each) },
        el('span', { class: 'knob', 'aria-hidden': 'true' }), both(...each.name));
      return each.button;
    }));
    this.show();
  }

  show() {
    FAULTS.forEach(({ id, button }) => button.setAttribute('aria-checked', id === this.on));
  }

  /** Turned on it shows at once what it does. */
  flip(each) {
    return this.stage.play(async () => {
      const on = this.on !== each.id;
      await this.set(on ? each : null);
      if (on) await (each.once ? this.stage.bindPhoneWithAnotherKey() : this.stage.login());
    });
  }

  async set(each) {
    const { user } = this.stage;
    await control('/sim/faults', each?.fault ?? { mode: 'ok' });
    await control('/sim/block', { ...user, blocked: Boolean(each?.block) }).catch(() => {}); // nobody yet to unblock
    this.on = each?.id ?? null;
    memory.set(this.kept, this.on ?? '');
    this.show();
  }

  /** Somebody calls wx.login between the tap and WeChat's answer: the data comes under a key the server has not seen. */
  async before(path) {
    if (this.on !== 'key' || path !== '/sim/phone') return null;
    await this.set(null);
    this.stage.sequence.chapter(CHAPTERS.lateLogin, 'trouble');
    await control('/sim/rotate', this.stage.user);
    await this.loginOfSomebody();
    return ({ code, ...oldEvent }) => oldEvent; // as before base library 2.21.2: no code
  }

  async loginOfSomebody() {
    const { sequence, user } = this.stage;
    const shown = sequence.begin({ from: 'phone', to: 'wechat', label: 'wx.login()', method: 'POST', url: '/sim/login', via: 'POST /sim/login' });
    const answer = await control('/sim/login', user);
    await sequence.finish(Object.assign(shown, { status: 200, answer, result: 'code' }));
  }
}

/* Scenes: what a newcomer should see, in order. The next one calls for attention. */

const SCENES = ['login', 'phone', 'revoke'];
const seen = new Set();

function done(scene) {
  seen.add(scene);
  byId(`scene-${scene}`).classList.add('done');
  suggest();
}

function suggest() {
  const next = SCENES.find((scene) => !seen.has(scene));
  SCENES.forEach((scene) => byId(`scene-${scene}`).classList.toggle('next', scene === next));
}

/** On a small screen the diagram lies below the phone: its last message stands above it, too. */
function tick({ label, status, result, fault }) {
  const bad = fault || status >= 400 || status === 0;
  const answer = status === undefined ? '…' : el('code', { class: bad ? 'bad' : 'good' }, `${status || '✕'} ${result}`);
  byId('ticker').replaceChildren(icon('down'), el('code', {}, label), answer);
}

/* Start */

byId('origin').textContent = location.origin;

async function start() {
  const state = await look();
  if (!state) return setTimeout(start, EVERY);
  setTimeout(lookForEver, EVERY);
  byId('own').hidden = !state.weChatOwn;
  document.body.classList.add(state.weChatOwn ? 'with-wechat' : 'with-simulator');
  byId('curl').textContent = state.weChatOwn
    ? `curl -s ${location.origin}/api/login -H 'Content-Type: application/json' -d '{"code":"CODE"}'`
    : `curl -s ${location.origin}/sim/login -d '{}'`;
  if (state.weChatOwn) return undefined;

  byId('stage').hidden = false;
  const stage = new Stage(await loadSample(), state);
  byId('scene-login').addEventListener('click', () => stage.play(() => stage.login()));
  byId('scene-phone').addEventListener('click', () => stage.play(() => stage.bindPhone()));
  for (const id of ['scene-revoke', 'kick']) byId(id).addEventListener('click', () => stage.play(() => stage.revoke()));
  return stage.play(() => stage.launch());
}

start();
