// The stage: two phones of one user, and the diagram of the calls that they cause.

import { byId, memory, onLanguage, pause, pick } from '/dev/dom.js';
import { Faults } from '/dev/faults.js';
import { createSend, storageOf, WeChatCalls } from '/dev/host.js';
import { MiniProgram } from '/dev/mini.js';
import { createRequire } from '/dev/modules.js';
import { Phone, say } from '/dev/phone.js';
import { brief, Sequence } from '/dev/sequence.js';
import { CHAPTERS } from '/dev/words.js';

/** This browser's WeChat user: another browser is somebody else. */
function openIdOfThisBrowser() {
  const kept = memory.get('openid');
  if (kept) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const drawn = `oPage-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  memory.set('openid', drawn);
  return drawn;
}

/** A phone that runs the sample, another phone of the same user, and the diagram of what they cause. */
export class Stage {
  /** `onMessage` hears of each message, `onScene` of what has succeeded, `onRest` whenever a scene begins or ends. */
  constructor({ sample, appId, onMessage, onScene, onRest }) {
    Object.assign(this, { onScene, onRest });
    this.user = { appid: appId, openid: openIdOfThisBrowser() };
    this.calls = new WeChatCalls();
    this.sequence = new Sequence({ list: byId('messages'), live: byId('live'), onMessage });
    this.phone = new Phone(byId('screen'), sample.styles);
    this.faults = new Faults(this, () => this.play(() => this.recover()));
    this.storage = storageOf('phone');
    const wx = this.createWx({
      storage: this.storage,
      weChatStorage: storageOf('wechat'),
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
    // The server's words are in the language that it was asked in.
    onLanguage(() => this.hasNotice() && this.play(() => this.recover()));
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
      weChatStorage: storageOf('wechat-of-other'),
      deviceInfo: { brand: 'Xiaomi', model: '14', system: 'Android 15' },
      send: (...call) => (this.loud ? loud : quiet)(...call),
    });
    return createRequire({ wx })('app/third-session/index').create({ wx, baseUrl: location.origin, device: true });
  }

  answered(path, reply) {
    if (path === '/api/login' && reply?.status === 200) this.onScene('login');
    if (path === '/api/me/phone' && reply?.status === 200) this.onScene('phone');
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

  /** One thing at a time; the buttons for the others rest meanwhile, and are seen to. */
  async play(work) {
    if (this.doing) return;
    this.doing = true;
    this.onRest(false);
    this.phone.dismiss();
    try {
      await work();
    } finally {
      this.doing = false;
      this.onRest(true);
    }
  }

  async launch() {
    this.sequence.chapter(CHAPTERS.launch);
    this.showToken();
    // Some answers end the session only when the library has read them.
    this.program.session.onSessionChange(() => this.showToken());
    await this.program.launch();
    if (this.program.session.state().loggedIn) this.onScene('login');
    // Where WeChat is away just now, the other phone logs in when it is needed.
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
    const button = this.phoneButton();
    button?.click();
    return Boolean(button);
  }

  hasNotice() {
    return Boolean(this.phone.body.querySelector('.notice'));
  }

  /** What a fault has left on the screen goes with it. */
  async recover() {
    const { page } = this.program;
    if (this.hasNotice()) await (page.onShow ?? page.onRetry)?.call(page);
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
    if (this.hasNotice()) return; // not this time
    this.phone.toast(() => pick('会话被结束，已自动重新登录', 'Session ended. Logged in again.'));
    this.onScene('revoke');
  }
}
