// What the server says of itself: three pills, a notice once it has stopped, and where everything lies.

import { both, byId, el } from '/dev/dom.js';

const EVERY = 5000; // ms between looks

/** Never fails: an answer of null is none. */
export async function ask(path) {
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

/** Shows the state of now, and returns it; null while there is no server. */
export async function look() {
  const [ready, { answer: state }] = await Promise.all([ask('/readyz'), ask('/dev/state')]);
  showState(ready, state);
  return state;
}

/** Looks until there is a server. */
export async function firstLook() {
  for (;;) {
    const state = await look();
    if (state) return state;
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
  }
}

/** Goes on looking, at once when somebody comes back to the page. */
export function keepLooking(work) {
  const each = () => (document.hidden ? undefined : Promise.all([look(), work()]));
  document.addEventListener('visibilitychange', each);
  const again = () => setTimeout(async () => {
    await each();
    again();
  }, EVERY);
  again();
}
