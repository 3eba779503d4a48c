// The server's doctor: what is right, and what is wrong with its cure. Asked when somebody wants to know.

import { both, byId, el, language, onLanguage } from '/dev/dom.js';

const LONGEST = 13000; // ms
const STATUS = { failed: ['失败', 'failed'], warning: ['注意', 'warning'], ok: ['正常', 'ok'] };
const WORST_FIRST = Object.keys(STATUS);

let spoken = null; // the language of the lines that are shown
let asking = false;

async function examine() {
  if (asking) return;
  asking = true;
  byId('examine').setAttribute('aria-disabled', true);
  byId('examined').replaceChildren(...both('正在检查……', 'Looking…'));
  const wanted = language();
  const checks = await lines(wanted);
  spoken = wanted;
  show(checks);
  asking = false;
  byId('examine').setAttribute('aria-disabled', false);
  if (language() !== spoken) await examine();
}

/** Never fails: no lines where there is no answer. */
async function lines(wanted) {
  try {
    const response = await fetch('/dev/doctor', {
      cache: 'no-store', credentials: 'omit', headers: { 'Accept-Language': wanted }, signal: AbortSignal.timeout(LONGEST),
    });
    return (await response.json()).checks ?? [];
  } catch {
    return [];
  }
}

function show(checks) {
  const count = (status) => checks.filter((check) => check.status === status).length;
  const summary = (at) => WORST_FIRST.map((status) => `${STATUS[status][at]} ${count(status)}`).join(' · ');
  byId('examined').replaceChildren(...checks.length ? both(summary(0), summary(1)) : both('没有回答，请重试。', 'No answer, try again.'));
  const sorted = [...checks].sort((a, b) => WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status));
  byId('checks').replaceChildren(...sorted.map(({ name, status, message, cure }) => el('li', { class: status },
    el('b', {}, ...both(...STATUS[status])), ' ', el('code', {}, name), ' ', el('span', {}, message),
    cure && el('strong', {}, ...both('处理：', 'Cure: '), cure))));
}

/** Offers the doctor, unless the service clients are the developer's own. */
export function offerDoctor(state) {
  byId('doctor').hidden = !state.doctor;
  byId('examine').addEventListener('click', examine);
  onLanguage(() => {
    if (spoken && language() !== spoken) examine();
  });
}
