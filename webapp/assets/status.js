'use strict';
// Says whether the service is ready, by the status alone: what is missing is for the operator's eyes, not for visitors.

const state = document.getElementById('state');

function show(style, zh, en) {
  if (state.dataset.shown === en) return; // a screen reader hears changes only
  state.dataset.shown = en;
  state.className = style;
  const english = document.createElement('span');
  english.lang = 'en';
  english.textContent = en;
  state.replaceChildren(`${zh} `, english);
}

async function refresh() {
  try {
    const { ok } = await fetch('readyz', { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(4000) });
    if (ok) show('ready', '已就绪', 'Ready');
    else show('not-ready', '未就绪', 'Not ready');
  } catch {
    show('not-ready', '没有响应', 'No answer');
  }
  setTimeout(refresh, 10000);
}

refresh();
