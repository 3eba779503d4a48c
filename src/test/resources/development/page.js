'use strict';
// The development page: shows what runs, and walks through one login step by step. No part of the WAR.

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Makes an element. Children are nodes or text, never HTML: answers of the server are shown as they are. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat(9));
  return node;
}

/** A text in both languages. The style sheet shows one of them, so that switching redraws nothing. */
const both = (zh, en) => [el('span', { lang: 'zh' }, zh), el('span', { lang: 'en' }, en)];
const pill = (tone, ...text) => el('span', { class: `pill ${tone}` }, both(...text));

/* Language: ?lang=, else the last choice, else the browser's. */

function stored(choice) {
  try { // a browser may forbid storage altogether
    if (choice) localStorage.setItem('lang', choice);
    return localStorage.getItem('lang');
  } catch { return null; }
}

function speak(language) {
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = language === 'zh' ? 'Third Session · 本机开发环境' : 'Third Session · development';
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', button.dataset.language === language);
  }
}

const wanted = new URLSearchParams(location.search).get('lang');
const known = (language) => language === 'zh' || language === 'en';
speak([wanted, stored()].find(known) ?? (/^zh/i.test(navigator.language) ? 'zh' : 'en'));
for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => {
    const language = button.dataset.language;
    stored(language);
    speak(language);
    if (wanted) history.replaceState(null, '', `?lang=${language}`); // else a reload would undo the choice
  });
}

/* Calls */

/** Status 0: no answer. Never throws. */
async function call(method, path, { body, token, timeout = 15000 } = {}) {
  const headers = { 'Accept-Language': root.lang };
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  const result = { method, path, body, token, status: 0, answer: null };
  const began = performance.now();
  try {
    const response = await fetch(path, {
      method, headers, body: body && JSON.stringify(body), cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(timeout),
    });
    const text = await response.text();
    result.status = response.status;
    result.answer = parsed(text);
  } catch { /* stopped, or no answer in time */ }
  result.ms = Math.max(1, Math.round(performance.now() - began));
  result.ok = result.status >= 200 && result.status < 300;
  return result;
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return text; }
}

/* State cards. What did not change is not drawn again, so nothing flickers and a selection survives. */

const drawn = new Map();

function draw(id, state, detail) {
  const fingerprint = JSON.stringify([state, detail]);
  if (drawn.get(id) === fingerprint) return;
  drawn.set(id, fingerprint);
  byId(id).querySelector('.state').replaceChildren(pill(...state));
  byId(id).querySelector('.detail').replaceChildren(...both(...detail));
}

const UNKNOWN = ['', '未知', 'unknown'];
const health = {
  ok: ['good', '正常', 'OK'], away: ['bad', '连不上', 'away'], wrong: ['bad', '有误', 'wrong'], unknown: UNKNOWN,
};

/** The server describes its stand-ins in English; known phrases are given in Chinese too. */
function described(text) {
  const zh = text
    .replace(/^embedded (.+) in (.+)$/, '内嵌 $1，数据在 $2')
    .replace(/^made once, kept in (.+)$/, '首次启动时自动生成，保存在 $1');
  return [zh, zh === text ? text : text.charAt(0).toUpperCase() + text.slice(1)];
}

let state = null; // the last answer of /dev/state
let stopped = false;
let busy = false;

async function refresh() {
  const [ready, dev] = await Promise.all([
    call('GET', '/readyz', { timeout: 4000 }), call('GET', '/dev/state', { timeout: 4000 }),
  ]);
  stopped = ready.status === 0;
  if (dev.ok && typeof dev.answer === 'object') state = dev.answer;
  show(ready);
}

function show(ready) {
  const parts = ready.ok ? { database: 'ok', schema: 'ok', configuration: 'ok' } : ready.answer ?? {};
  const details = state ?? {};
  const apps = (details.apps ?? []).join(', ');

  let database = health[parts.database] ?? UNKNOWN;
  if (parts.database === 'ok' && parts.schema !== 'ok') {
    database = parts.schema === 'wrong' ? ['bad', '表结构不符', 'wrong schema'] : ['warn', '检查表结构', 'schema not checked'];
  }
  const [databaseZh, databaseEn] = described(details.database ?? '');
  draw('database', database, details.databaseOwn ? [`你的数据库（DB_URL）：${databaseZh}`, `Yours (DB_URL): ${databaseEn}`] : [databaseZh, databaseEn]);

  // Readiness does not ask WeChat, so real WeChat is named, not judged.
  const weChat = stopped || !state ? UNKNOWN : details.weChatOwn ? ['info', '真实微信', 'real WeChat'] : ['good', '模拟器', 'simulator'];
  const where = [details.weChatOwn ? details.weChat : details.weChatUrl, apps].filter(Boolean).join(' · ');
  draw('wechat', weChat, [where, where]);

  draw('configuration', health[parts.configuration] ?? UNKNOWN, described(details.configuration ?? ''));

  byId('stopped').hidden = !stopped;
  if (stopped !== (drawn.get('stopped') ?? false)) {
    drawn.set('stopped', stopped);
    byId('stopped').replaceChildren(...(stopped ? both(
      '服务已停止。重新运行 mvn jetty:run，本页会自动恢复。',
      'Server stopped. Start mvn jetty:run again; this page comes back by itself.') : []));
  }
  allow();
}

/** Where real WeChat answers, only a real mini program can get a code. */
function allow() {
  const own = state?.weChatOwn === true;
  // aria-disabled and not disabled: the button keeps the focus and its reason can be read.
  byId('login').setAttribute('aria-disabled', own || stopped || busy);
  byId('check').setAttribute('aria-disabled', stopped || busy);
  byId('logout').setAttribute('aria-disabled', stopped || busy || ended);
  byId('relogin').setAttribute('aria-disabled', own || stopped || busy);
  if (drawn.get('own') === own) return;
  drawn.set('own', own);
  byId('why').replaceChildren(...(own
    ? both('已接入真实微信（WX_APPS），code 只能由真实的小程序产生：请直接在你的小程序里登录。',
      'Real WeChat is connected (WX_APPS), and only a real mini program can get a code from it: log in from your mini program instead.')
    : both('点一下按钮，看手机、本服务和微信之间依次发生了什么。', 'Press the button and watch what the phone, this server and WeChat say to each other.')));
  byId('shell-code').replaceChildren(...(own
    ? both('CODE 换成 wx.login 得到的 code，只能用一次。', 'Put the code that wx.login gave in the place of CODE; it works once.')
    : both('code 只能用一次；登录之后，下面会填好可以直接执行的值。', 'A code works once. After a login the lines below hold values that work as they are.')));
  byId('lane-wechat').replaceChildren(...(own ? both('真实', 'real') : both('模拟器', 'simulator')));
  curl();
}

async function refreshForEver() {
  if (!document.hidden) await refresh();
  setTimeout(refreshForEver, 5000);
}

/* The steps. Arrows: from lane, to lane, label (1 the phone, 2 our server, 3 WeChat). */

const CHECK = [[1, 2, 'GET /api/session']];
const steps = {
  code: step(['小程序调用 wx.login，得到 code', 'The mini program calls wx.login and gets a code'],
    ['真机上由微信客户端完成；没有 AppID 时由模拟器代劳。', 'On a phone WeChat does this; without an appid the simulator stands in.'],
    [[1, 3, 'wx.login()'], [3, 1, 'code']]),
  login: step(['用 code 换取登录态', 'The code becomes a third session'],
    ['服务端拿 code 问微信（code2Session），收好 session_key，只把随机 token 交给小程序。', 'The server asks WeChat who this is (code2Session), keeps the session_key and gives the mini program a random token.'],
    [[1, 2, 'POST /api/login'], [2, 3, 'jscode2session'], [3, 2, 'session_key'], [2, 1, 'thirdSession']]),
  check: step(['带 token 请求，校验登录态', 'The token proves who is calling'],
    ['之后每个请求都带上 Authorization 头；校验只查自己的库，不再访问微信。', 'Every later request carries it in Authorization. A check reads our own database and never asks WeChat.'],
    [...CHECK, [2, 1, 'userId']]),
  end: step(['退出登录', 'Log out'],
    ['会话从数据库里删除，所有节点立即生效。', 'The session is deleted from the database, at once for every node.'],
    [[1, 2, 'DELETE /api/session'], [2, 1, '204']]),
  refused: step(['旧 token 已失效', 'The old token is refused'],
    ['退出之后再校验，应当得到 401：小程序据此重新调用 wx.login。', 'After logging out a check must answer 401; a mini program takes it as the sign to call wx.login again.'],
    [...CHECK, [2, 1, '401']]),
};
Object.values(steps).forEach((each, index) => {
  each.node.querySelector('.number').append(String(index + 1));
  byId('steps').append(each.node);
});
steps.end.node.hidden = steps.refused.node.hidden = true;

function step(title, about, arrows) {
  const drawing = el('div', { class: 'drawing', 'aria-hidden': 'true' }, arrows.map(([from, to, label]) =>
    el('div', { class: `arrow lane${Math.min(from, to)}${Math.max(from, to)}${from > to ? ' back' : ''}` }, el('span', {}, label))));
  const status = el('span', { class: 'status' });
  const outcome = el('div', { class: 'outcome' });
  const node = el('li', { class: 'step' }, drawing, el('div', { class: 'told' },
    el('h3', {}, el('span', { class: 'number' }), el('span', { class: 'name' }, both(...title)), status),
    el('p', { class: 'about' }, both(...about)), outcome));
  return { node, status, outcome, title };
}

function wait(...which) {
  for (const each of which) {
    each.node.className = 'step';
    each.status.replaceChildren();
    each.outcome.replaceChildren();
  }
}

function start(each) {
  wait(each);
  each.node.hidden = false;
  each.node.classList.add('running');
  each.status.replaceChildren(pill('info', '进行中', 'running'));
  each.node.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
}

/** Shows what came of a step; says it in one line to a screen reader, without the JSON. */
function finish(each, result, good, ...shown) {
  each.node.classList.replace('running', good ? 'done' : 'failed');
  const outcome = result.status ? `${result.status} · ${result.ms} ms` : null;
  each.status.replaceChildren(el('span', { class: `pill ${good ? 'good' : 'bad'}` }, outcome ?? both('无响应', 'no answer')));
  each.outcome.replaceChildren(...[good ? [] : fault(result), ...shown, exchange(result)].flat());
  byId('live').replaceChildren(...both(...each.title.map((title) => `${title}: ${outcome ?? '—'}`)));
  return good;
}

function fault({ status, answer }, expected) {
  if (!status) return el('p', { class: 'fault' }, both('服务没有响应：mvn jetty:run 还在运行吗？', 'The server did not answer: is mvn jetty:run still running?'));
  const { message, hint, error, requestId } = answer ?? {};
  return el('div', { class: expected ? 'fault expected' : 'fault' },
    expected ? both('符合预期：', 'As expected: ') : [], message ?? `HTTP ${status}`,
    hint ? el('p', {}, both('提示：', 'Hint: '), hint) : [],
    el('span', { class: 'mono' }, [error, requestId].filter(Boolean).join(' · ')));
}

const facts = (pairs) => el('dl', { class: 'facts' }, pairs.filter(([, value]) => value != null && value !== '').map(([name, value]) =>
  [el('dt', {}, name), el('dd', value instanceof Array ? {} : { class: 'mono' }, value)]));

const short = (token) => `${token.slice(0, 10)}…${token.slice(-4)}`;

function exchange({ method, path, body, token, status, answer }, title = ['请求与响应', 'Request and answer']) {
  const head = [`${method} ${path}`, token && `Authorization: Bearer ${short(token)}`, body && 'Content-Type: application/json'];
  return el('details', {}, el('summary', {}, both(...title)), el('div', { class: 'exchange' },
    el('h4', {}, both('请求', 'Request')), el('pre', {}, head.filter(Boolean).join('\n'), body ? ['\n\n', json(body)] : []),
    el('h4', {}, both('响应', 'Answer')), el('pre', {}, String(status || '—'), answer ? ['\n\n', json(answer)] : [])));
}

/** Pretty JSON with coloured keys. Of a session_key nothing is shown, whatever stands there. */
function json(value) {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, null, 2).split('\n').map((line, index) => {
    const [, indent, key, rest] = /^( *)("(?:[^"\\]|\\.)*": )?(.*)$/.exec(line);
    const secret = key === '"session_key": ' ? el('span', { class: 'kept' }, both('不下发，只留在服务端', 'stays on the server')) : null;
    return [index ? '\n' : '', indent, key ? el('span', { class: 'key' }, key) : '',
      secret ?? (key ? el('span', { class: 'value' }, rest) : rest)];
  });
}

/** The newest code2Session call the simulator saw. Its page is made for people, so its field names are not relied upon. */
function asksWeChat({ ok, answer }) {
  if (!ok) return null;
  const calls = [].concat(answer?.calls ?? answer ?? []).filter((each) => String(each?.path ?? each?.url).includes('jscode2session'));
  const newest = calls.reduce((best, each) => (!best || String(each.at ?? '') >= String(best.at ?? '') ? each : best), null);
  if (!newest) return null;
  const path = newest.path ?? newest.url;
  const query = typeof newest.query === 'string' ? newest.query : Object.entries(newest.query ?? {}).map(([name, value]) => `${name}=${value}`).join('\n  &');
  const reply = newest.answer ?? newest.response ?? newest.body;
  return {
    method: newest.method ?? 'GET', path: query ? `${path}\n  ?${query}` : path, status: newest.status,
    answer: typeof reply === 'string' ? parsed(reply) : reply,
  };
}

function lasting(seconds) {
  const [size, zh, en] = [[86400, '天', 'day'], [3600, '小时', 'hour'], [60, '分钟', 'minute']].find(([each]) => seconds >= each) ?? [1, '秒', 'second'];
  const count = Math.round(seconds / size);
  return both(`${count} ${zh}`, `${count} ${en}${count === 1 ? '' : 's'}`);
}

/* Log in, check, log out */

let token = null; // of the last login, ended or not: the next login sends it along
let ended = false;
let spareCode = null; // for the curl line: the code of the login itself is spent

/** The calls take a few milliseconds: without a pause nobody could see the steps follow each other. */
const pause = () => new Promise((resolve) => { setTimeout(resolve, calm ? 0 : 450); });

async function login() {
  wait(...Object.values(steps));
  steps.end.node.hidden = steps.refused.node.hidden = true;

  start(steps.code);
  const code = await call('POST', '/sim/login', { body: {} });
  await pause();
  if (!finish(steps.code, code, code.ok, code.ok ? facts([['code', code.answer.code], ['appid', code.answer.appid]]) : [])) return;

  start(steps.login);
  const session = await call('POST', '/api/login', { body: { code: code.answer.code }, token });
  const asked = asksWeChat(await call('GET', '/sim/calls'));
  await pause();
  const good = session.ok && Boolean(session.answer?.thirdSession);
  const weChat = asked ? exchange(asked, ['服务端向微信问了什么', 'What the server asked WeChat']) : [];
  if (!finish(steps.login, session, good, good ? tokenBox(session.answer, asked) : [], weChat)) return;
  token = session.answer.thirdSession;
  ended = false;
  byId('after').hidden = false;

  await check();
  await newCode();
}

function tokenBox({ thirdSession, expiresIn, newUser, user }, asked) {
  const text = el('code', {}, thirdSession);
  return [
    el('div', { class: 'token' }, text, copyButton(text)),
    facts([
      ['userId', user?.userId], ['newUser', newUser == null ? null : String(newUser)], [both('有效期', 'valid for'), lasting(expiresIn)],
      ['session_key', asked ? [el('span', { class: 'kept' }, both('不下发，只留在服务端', 'stays on the server'))] : null],
    ]),
  ];
}

async function check() {
  const each = ended ? steps.refused : steps.check;
  start(each);
  const result = await call('GET', '/api/session', { token });
  await pause();
  if (ended) {
    const refused = result.status === 401 && result.answer?.error === 'session_invalid';
    finish(each, result, refused, refused ? fault(result, true) : []);
  } else {
    finish(each, result, result.ok, result.ok
      ? facts([['userId', result.answer.userId], ['appId', result.answer.appId], ['expiresAt', result.answer.expiresAt]]) : []);
  }
}

async function logout() {
  start(steps.end);
  const result = await call('DELETE', '/api/session', { token });
  await pause();
  if (!finish(steps.end, result, result.ok)) return;
  ended = true;
  await check();
}

function act(id, work) {
  byId(id).addEventListener('click', async () => {
    if (byId(id).getAttribute('aria-disabled') === 'true') return;
    busy = true;
    allow();
    try { await work(); } finally {
      busy = false;
      allow();
    }
  });
}

act('login', login);
act('relogin', login);
act('check', check);
act('logout', logout);

/* The same with curl */

async function newCode() {
  if (state?.weChatOwn) return;
  const result = await call('POST', '/sim/login', { body: {} });
  if (result.ok) spareCode = result.answer.code;
  curl();
}

const lines = [line(), line(() => spareCode && newCode()), line()]; // a code works once: after a copy its line gets the next

function line(copied) {
  const text = el('code');
  return { text, node: el('div', { class: 'line' }, text, copyButton(text, copied)) };
}

function curl() {
  const at = `curl -s ${location.origin}`;
  const own = state?.weChatOwn === true; // then a code comes from wx.login alone
  lines[0].node.hidden = own;
  lines[0].text.textContent = `${at}/sim/login -d '{}'`;
  lines[1].text.textContent = `${at}/api/login -H 'Content-Type: application/json' -d '{"code":"${(!own && spareCode) || 'CODE'}"}'`;
  lines[2].text.textContent = `${at}/api/session -H 'Authorization: Bearer ${token ?? '3rd_…'}'`;
}

function copyButton(source, copied) {
  const button = el('button', { type: 'button', class: 'small' }, both('复制', 'Copy'));
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch { // no clipboard outside localhost and https: the old way, which leaves the text selected at least
      getSelection().selectAllChildren(source);
      document.execCommand('copy');
    }
    button.replaceChildren(...both('已复制', 'Copied'));
    byId('live').replaceChildren(...both('已复制', 'Copied'));
    setTimeout(() => {
      button.replaceChildren(...both('复制', 'Copy'));
      copied?.();
    }, 1500);
  });
  return button;
}

byId('curl').append(...lines.map(({ node }) => node));
byId('origin').textContent = location.origin;
show({ status: -1, ok: false }); // placeholders until the first answer
refreshForEver();
