// Presses everything that can be pressed on the development page, in every state of its phone, and looks after each
// press whether the page is still one. Run by PressEverythingIT; tells what it pressed and what it found.

const [MOST, tell] = [arguments[0], arguments[arguments.length - 1]];
const host = document.getElementById('screen');
const shadow = host.shadowRoot;
const english = document.documentElement.lang === 'en';
const HAN = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
const POLLS = /\/readyz|\/dev\/state|\/sim\/faults/;
const SLOW = ['fault-slow', 'fault-timeout']; // seconds each: once will do
const IN_DIALOGS = /^(scene-phone|kick|message)/; // of what is outside the phone, while a dialog is open

const failures = new Set();
const pressed = new Set(); // of what has to be pressed
const names = new Set();
const ways = new Map(); // state → (control → state after it)
let under = 0; // exchanges under way
let doing = 'start';

const fail = (text) => failures.add(`${text} (after ${doing}, on ${title()})`);
addEventListener('error', ({ message }) => fail(message));
addEventListener('unhandledrejection', ({ reason }) => fail(`rejected: ${reason}`));
const { fetch: real } = window;
window.fetch = async (...call) => {
  const counts = POLLS.test(call[0]) ? 0 : 1;
  under += counts;
  try {
    return await real(...call);
  } finally {
    under -= counts;
  }
};

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const text = (node) => (node?.innerText ?? '').trim();
const dialog = () => shadow.querySelector('.wx-dialog');
const title = () => `${text(shadow.querySelector('h2'))}${dialog() ? `/${dialog().getAttribute('aria-label')}` : ''}`;

function usable(node) {
  return node.checkVisibility() && node.getClientRects().length && node.ariaDisabled !== 'true' && !node.closest('[inert]');
}

function controls() {
  const found = [];
  const add = (node, name, phone) => usable(node) && found.push({ node, name, phone });
  for (const node of shadow.querySelectorAll('button')) {
    const kind = [...node.classList].filter((name) => name !== 'loading').join('.') || 'button';
    const alike = [...node.parentElement.children].filter((each) => each.className === node.className);
    add(node, kind.includes('end') ? kind : `${kind}#${alike.indexOf(node)}`, true);
  }
  for (const node of document.querySelectorAll('button[id], a[id]')) {
    add(node, node.role === 'switch' && node.ariaChecked === 'true' ? `${node.id} off` : node.id);
  }
  for (const node of document.querySelectorAll('[data-language]')) add(node, `language-${node.dataset.language}`);
  for (const node of [...document.querySelectorAll('.message > button')].slice(-2)) {
    add(node, node.ariaExpanded === 'true' ? 'message close' : 'message open');
  }
  return found;
}

const state = () => `${title()} ${controls().filter(({ phone }) => phone).map(({ name }) => name).sort()}`;

/** Where it counts as pressed: on the phone in each state, outside of it (in one language) on each page. */
function place({ name, phone }) {
  if (phone) return `${state()}: ${name}`;
  if (SLOW.some((each) => name.startsWith(each)) || name.startsWith('language')) return name;
  if (english) return name; // once has been enough, in the other language they were pressed everywhere
  return `${title()}: ${name}`;
}

/** What was pressed nowhere yet comes first: there may be no way back to where it is. */
const due = () => controls().filter((control) => !pressed.has(place(control)) &&
  (control.phone || !dialog() || IN_DIALOGS.test(control.name)))
  .sort((one, other) => names.has(known(one)) - names.has(known(other)));

const known = ({ name }) => name.replace(/#0$/, '');

async function rest() {
  let before = '';
  for (let calm = 0, waited = 0; calm < 3; waited++) {
    if (waited > 1500) return fail('the page does not come to rest');
    await sleep(12);
    const busy = under || document.querySelector('.playing, .pending') || (!dialog() && shadow.querySelector('button.loading'));
    const now = state();
    calm = !busy && now === before ? calm + 1 : 0;
    before = now;
  }
  return undefined;
}

async function press(control) {
  const from = state();
  doing = `${control.name} on ${title()}`;
  pressed.add(place(control));
  names.add(known(control));
  const before = text(shadow.querySelector('.notice'));
  control.node.scrollIntoView({ block: 'nearest' });
  control.node.click();
  await rest();
  if (control.name === 'language-zh' || control.name === 'language-en') {
    check();
    document.querySelector(`[data-language=${english ? 'en' : 'zh'}]`).click();
    await rest();
  }
  const notice = shadow.querySelector('.notice');
  if (notice && text(notice) !== before && (control.phone || /^(scene|fault|kick)/.test(control.name))) seen(notice);
  check();
  if (!ways.has(from)) ways.set(from, new Map());
  ways.get(from).set(control.name, state());
}

function seen(notice) {
  const { top, bottom } = notice.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) fail(`a notice out of sight, at ${Math.round(top)}`);
  const role = notice.closest('[role=alert]');
  if (!role) fail('a notice that is not read out');
}

function check() {
  const page = shadow.querySelector('page');
  const box = page.getBoundingClientRect();
  const frame = host.getBoundingClientRect();
  if (box.width < frame.width * 0.95 || box.height < 200 || !text(page)) {
    fail(`a blank phone, ${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  if (dialog() && dialog().firstElementChild.getBoundingClientRect().height < 60) fail('an empty dialog');
  if (document.documentElement.scrollWidth > innerWidth) fail('the page scrolls sideways');
  if (page.scrollWidth > page.clientWidth) fail('the phone scrolls sideways');
  const speaks = document.documentElement.lang;
  const shown = `${text(document.body).replace('中文', '')} ${text(shadow.querySelector('.wx-screen'))}`;
  if (speaks === 'en' && HAN.test(shown)) fail(`Chinese: ${shown.match(/\S*[\u3000-\u9fff\uff00-\uffef]+\S*/)[0]}`);
  controls().forEach(checkControl);
}

const looked = new Set();

function checkControl(control) {
  const { node, name } = control;
  const key = `${document.documentElement.lang} ${place(control)}`;
  if (looked.has(key)) return;
  looked.add(key);
  if (isCovered(node)) fail(`${name} is covered`);
  if (/^(scene|fault|kick|btn)/.test(name) && lines(node) > 1) fail(`${name} is in ${lines(node)} lines`);
}

function isCovered(node) {
  node.scrollIntoView({ block: 'nearest' });
  const { left, top, width, height } = node.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  if (y < 0 || y > innerHeight) return true;
  const outer = document.elementFromPoint(x, y);
  const hit = outer === host && node.getRootNode() === shadow ? shadow.elementFromPoint(x, y) : outer;
  return hit !== node && !node.contains(hit);
}

function lines(node) {
  const range = document.createRange();
  range.selectNodeContents([...node.querySelectorAll('span[lang]')].find((each) => each.checkVisibility()) ?? node);
  const words = [...range.getClientRects()].filter(({ width }) => width > 1);
  const tops = words.map(({ top, bottom }) => (top + bottom) / 2).sort((a, b) => a - b);
  return tops.filter((middle, index) => !index || middle - tops[index - 1] > 9).length;
}

/** The first step of the shortest way to a state in which something is due; undefined if none is known. */
function wayToDue(dueIn) {
  const reached = new Map([[state(), null]]);
  for (const [from, first] of reached) {
    for (const [name, to] of ways.get(from) ?? []) {
      if (reached.has(to)) continue;
      reached.set(to, first ?? name);
      if (dueIn.has(to)) return reached.get(to);
    }
  }
  return undefined;
}

const dueIn = new Map(); // state → whether something was due when it was left

async function walk() {
  await rest();
  check();
  for (let count = 0; count < MOST; count++) {
    const [next] = due();
    if (next) {
      const left = due().length > 1;
      const from = state();
      if (left) dueIn.set(from, true);
      else dueIn.delete(from);
      await press(next);
      // Nobody wants to wait for everything else meanwhile.
      const slow = controls().find(({ name }) => SLOW.some((each) => name === `${each} off`));
      if (slow) await press(slow);
    } else {
      dueIn.delete(state());
      const step = wayToDue(dueIn);
      if (!step) return count;
      const control = controls().find(({ name }) => name === step);
      if (control) await press(control);
      else ways.get(state()).delete(step);
    }
  }
  return MOST;
}

walk().then((count) => tell({ count, names: [...names].sort(), failures: [...failures], left: [...dueIn.keys()] }),
  (error) => tell({ count: 0, names: [], failures: [...failures, String(error.stack)], left: [] }));
