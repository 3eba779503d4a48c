// What the shim of `wx` needs of a browser, with every exchange drawn.

import { language } from '/dev/dom.js';
import { brief } from '/dev/sequence.js';

const WECHAT = {
  '/sim/login': 'wx.login()', '/sim/session': 'wx.checkSession()', '/sim/phone': 'getPhoneNumber', '/sim/profile': 'getUserProfile',
};
const SHOWN = ['code', 'encryptedData', 'userInfo']; // of what WeChat gives the phone
const SERVED = {
  '/api/login': 'thirdSession', '/api/session': 'userId', '/api/me': 'user', '/api/me/phone': 'phoneNumber',
  '/api/me/avatar': 'avatarUrl', '/api/sessions': 'sessions',
};
const ASKED = {
  '/sns/jscode2session': 'openid', '/cgi-bin/stable_token': 'access_token', '/cgi-bin/token': 'access_token',
  '/wxa/business/getuserphonenumber': 'phone_info', '/wxa/business/checkencryptedmsg': 'valid',
};

/**
 * Sends for one phone, which `user` holds. `sequence` draws; null draws nothing. `before(path)` may do something at
 * WeChat first, and what it returns changes the answer.
 */
export function createSend({ user, sequence, calls, other = false, before = async () => null, after = () => {} }) {
  return function send(message, done) {
    const aborter = new AbortController();
    exchange(message, aborter.signal)
      // Out of the promise: what a callback throws is an error of the page, not a rejection.
      .then((reply) => setTimeout(() => done(null, reply)), (error) => setTimeout(() => done(error)));
    return () => aborter.abort();
  };

  async function exchange(given, signal) {
    const path = new URL(given.url).pathname;
    const message = path in WECHAT ? asUser(given) : given;
    const change = await before(path);
    const shown = sequence?.begin(request(message, path, other)) ?? null;
    let reply = null;
    try {
      reply = changed(await fetched(message, signal), change);
      return reply;
    } finally {
      await calls.draw(sequence, shown, reply && { status: reply.status, ...answer(path, reply) });
      after(path, reply);
    }
  }

  /** The sample lets the simulator choose the user; here each browser is another. */
  function asUser(message) {
    return { ...message, body: JSON.stringify({ ...parsed(message.body), ...user }) };
  }
}

async function fetched({ method, url, headers, body }, signal) {
  const { Referer, ...allowed } = headers; // a browser sends its own
  const response = await fetch(url, {
    method,
    headers: { 'Accept-Language': language() === 'zh' ? 'zh-CN' : 'en', ...allowed },
    body: body instanceof Array ? new Blob(body) : body ?? undefined,
    cache: 'no-store',
    credentials: 'omit',
    signal,
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function changed(reply, change) {
  return change ? { ...reply, body: JSON.stringify(change(JSON.parse(reply.body))) } : reply;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/* What the diagram shows */

function request({ method, url, headers, body }, path, other) {
  const wechat = WECHAT[path];
  return {
    from: 'phone',
    to: wechat ? 'wechat' : 'server',
    label: wechat ?? `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, (sid) => `${sid.slice(0, 4)}…`)}`,
    via: wechat && `${method} ${path}`,
    method,
    url: path,
    headers: shownHeaders(headers),
    body: shownBody(body),
    other,
  };
}

function shownHeaders(headers) {
  const shown = {};
  for (const [name, value] of Object.entries(headers)) {
    if (/^authorization$/i.test(name)) shown.Authorization = brief(value);
    if (/^content-type$/i.test(name)) shown['Content-Type'] = value.replace(/; boundary=.*/, '');
  }
  return shown;
}

function shownBody(body) {
  if (!(body instanceof Array)) return parsed(body ?? '');
  const file = body.find((part) => part instanceof Blob);
  return file ? `(${file.type}, ${file.size} B)` : '';
}

function answer(path, { status, body }) {
  const data = parsed(body);
  if (status >= 400) return { answer: data, result: /^[a-z_]+$/.test(data?.error) ? data.error : '' };
  if (status === 204) return { answer: '', result: '' };
  if (path === '/sim/session') return { answer: data, result: data.valid ? 'ok' : 'fail' };
  if (path === '/api/sessions') return { answer: data, result: `${data.sessions?.length} sessions` };
  return { answer: data, result: SERVED[path] ?? (path in WECHAT ? SHOWN.filter((name) => name in data).join(', ') : '') };
}

/* The server's calls to WeChat, as the simulator has seen them */

export class WeChatCalls {
  constructor() {
    this.last = null;
    this.drawn = Promise.resolve();
  }

  /** Draws what came of an exchange. One at a time: each call to WeChat belongs to one. */
  draw(sequence, shown, outcome) {
    const turn = this.drawn.then(async () => {
      const fresh = await this.fresh();
      if (!shown) return;
      const caused = fresh.filter((call) => belongs(call, shown));
      Object.assign(shown, outcome ?? { status: 0, result: '', fault: true });
      await sequence.finish(shown, caused.map(asked));
    });
    this.drawn = turn.catch(() => {});
    return turn;
  }

  /** The calls since the last time; none if nobody answers. */
  async fresh() {
    try {
      const response = await fetch('/sim/calls', { cache: 'no-store', credentials: 'omit' });
      const { calls } = await response.json();
      const known = calls.findLastIndex((call) => fingerprint(call) === this.last);
      this.last = calls.length ? fingerprint(calls.at(-1)) : null;
      return calls.slice(known + 1);
    } catch {
      return [];
    }
  }
}

/** Others may use the same server: a call that bears a code is ours if the code is. */
function belongs({ path, query, body }, { url, body: sent }) {
  if (path === '/sns/jscode2session') return url === '/api/login' && query.js_code === sent.code;
  if (path.endsWith('/getuserphonenumber')) return parsed(body).code === (sent.phoneCode ?? sent.code);
  return url === '/api/me/phone';
}

const fingerprint = ({ time, path, rawQuery }) => `${time} ${path} ${rawQuery}`;

function asked({ method, path, rawQuery, body, status, answer: text }) {
  const data = parsed(text);
  const refused = status === 200 && data?.errcode;
  return {
    from: 'server',
    to: 'wechat',
    label: path.split('/').at(-1),
    method,
    url: rawQuery ? `${path}\n  ?${rawQuery.replaceAll('&', '\n  &')}` : path,
    body: parsed(body),
    status,
    fault: Boolean(refused),
    answer: status ? data : '',
    result: refused ? `errcode ${data.errcode}` : ASKED[path] ?? '',
    secret: Boolean(data?.session_key),
  };
}

/** Web storage with a name before each key, so that phones do not share it. */
export function storageOf(name) {
  const prefix = `${name}:`;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  try {
    localStorage.getItem(prefix);
  } catch {
    return undefined; // this browser forbids it: the shim's own, which forgets
  }
  return {
    get length() { return keys().length; },
    key: (index) => keys()[index]?.slice(prefix.length) ?? null,
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  };
}

/** One call to the simulator's controls. */
export async function control(path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'omit',
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}
