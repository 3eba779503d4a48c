// Switches for WeChat's bad days. The simulator's faults hold for everybody who uses it: one at a time, and what is on is
// what the simulator says, whoever has set it.

import { both, byId, el } from '/dev/dom.js';
import { control } from '/dev/host.js';
import { ask } from '/dev/state.js';
import { CHAPTERS } from '/dev/words.js';

const FAULTS = [
  { id: 'slow', name: ['微信变慢', 'Slow WeChat'], fault: { mode: 'ok', delayMs: 2000 } },
  { id: 'used', name: ['code 已被用过', 'Used code'], fault: { mode: 'errcode', errcode: 40163, path: '/sns/jscode2session' } },
  { id: 'blocked', name: ['用户被微信封禁', 'Blocked user'], block: true },
  { id: 'away', name: ['微信连不上', 'Unreachable'], fault: { mode: 'refuse' } },
  { id: 'timeout', name: ['微信不应答', 'No answer'], fault: { mode: 'hang' } },
  { id: 'key', name: ['密钥被换掉', 'New key'], once: true },
  { id: 'other', name: ['其他故障', 'Another fault'], other: true },
];
const FIELDS = ['mode', 'delayMs', 'times', 'errcode', 'status', 'path'];
const NOTHING = { faults: [], blocked: [] };

const same = (one, other) => FIELDS.every((name) => one[name] === other[name]);

export class Faults {
  /** `onGone` hears that the simulator has no fault any more, though nobody has switched it off here. */
  constructor(stage, onGone) {
    Object.assign(this, { stage, onGone });
    this.inForce = NOTHING;
    this.keyChanges = false; // the one that waits in this page: what happens at the next tap
    this.buttons = new Map(FAULTS.map((each) => [each, el('button', {
      type: 'button', role: 'switch', id: `fault-${each.id}`, hidden: Boolean(each.other), click: () => this.flip(each),
    }, el('span', { class: 'knob', 'aria-hidden': 'true' }), both(...each.name))]));
    byId('faults').append(...this.buttons.values());
    this.show();
  }

  isOn({ fault, block, once, other }) {
    const { faults, blocked } = this.inForce;
    if (fault) return faults.some((each) => same(each, fault));
    if (block) return blocked.some(({ appid, openid }) => appid === this.stage.user.appid && openid === this.stage.user.openid);
    if (other) return faults.some((each) => !FAULTS.some((known) => known.fault && same(each, known.fault)));
    return once && this.keyChanges;
  }

  show() {
    for (const [each, button] of this.buttons) {
      const on = this.isOn(each);
      button.setAttribute('aria-checked', on);
      if (each.other) button.hidden = !on;
    }
  }

  /** What the simulator says; without an answer nothing is known, and nothing shown to be on. */
  async refresh() {
    const { ok, answer } = await ask('/sim/faults');
    const before = FAULTS.some((each) => this.isOn(each));
    this.inForce = ok ? answer : NOTHING;
    this.show();
    return before && !FAULTS.some((each) => this.isOn(each));
  }

  /** Another page, or a command, may have changed them. */
  async follow() {
    if (!this.stage.doing && await this.refresh()) await this.onGone();
  }

  /** Turned on it shows at once what it does; turned off, what it has left on the screen goes. */
  flip(each) {
    const on = this.buttons.get(each).getAttribute('aria-checked') !== 'true';
    return this.stage.play(async () => {
      await this.set(on ? each : null);
      if (!on) await this.stage.recover();
      else if (each.once) await this.changeKey();
      else await this.stage.login();
    });
  }

  async set(each) {
    const { user } = this.stage;
    await this.refresh(); // somebody else may have blocked this user meanwhile
    this.keyChanges = Boolean(each?.once);
    await control('/sim/faults', each?.fault ?? { mode: 'ok' });
    if (each?.block || this.inForce.blocked.length) await control('/sim/block', { ...user, blocked: Boolean(each?.block) });
    await this.refresh();
  }

  /** The phone button, with a tap that something happens after. */
  async changeKey() {
    const tapped = await this.stage.bindPhone() && await this.stage.phone.allow();
    if (!tapped) await this.set(null);
  }

  /** Somebody calls wx.login between the tap and WeChat's answer: the data comes under a key the server has not seen. */
  async before(path) {
    if (!this.keyChanges || path !== '/sim/phone') return null;
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
