import { Api } from './api.js';
import { ask } from './dialogs.js';
import { button, find, make } from './dom.js';
import { NodePanel } from './node.js';
import { UserPanel } from './user.js';
import { currentLanguage, languages, number, speak, time, word } from './words.js';

const EVERYBODY = 'end all sessions';

let api = null; // and with it the secret: nothing is kept anywhere else
let client = null;
let list = { title: 'newestUsers', users: [], next: undefined };
let tab = null;
let reading = 0;

/** What the panel of a user needs of the page. */
const page = {
  get api() { return api; },
  may: scope => client.scopes.includes(scope),
  mayAll: scope => client.scopes.includes(scope) && client.apps.length === 0,
  say,
  doing,
  backToList() {
    panel.show(null);
    find('#users').classList.remove('chosen');
    renderList();
    find('#list-title').focus();
  },
  changed(user) {
    list.users = list.users.map(known => known.userId === user.userId ? user : known);
    renderList();
  },
  gone(userId) {
    list.users = list.users.filter(known => known.userId !== userId);
  },
};

const panel = new UserPanel(page);
const node = new NodePanel(page);

function say(text) {
  find('#done').textContent = text;
}

function complain(text) {
  find('#error').textContent = text;
}

/** Does something and says what went wrong with it; resolves to whether nothing did. */
async function doing(work) {
  complain('');
  say('');
  document.body.classList.add('busy');
  try {
    await work();
    return true;
  } catch (refusal) {
    if (refusal.status === undefined) {
      throw refusal; // a fault of this page
    }
    if (refusal.status === 401 && client) {
      signOut();
      complain(word('signedOut'));
    } else {
      complain(refusal.message);
    }
    return false;
  } finally {
    document.body.classList.remove('busy');
  }
}

/* In and out */

async function signIn(event) {
  event.preventDefault();
  const coming = new Api(find('#client-id').value.trim(), find('#client-secret').value);
  await doing(async () => {
    try {
      client = await coming.get('client');
    } catch (refusal) {
      if (refusal.status === 401) {
        refusal.message = word('wrongClient');
      }
      throw refusal;
    }
    api = coming;
    find('#sign-in').reset();
    tab = offered()[0] ?? null;
    render();
    await node.begin();
    if (tab === 'users') {
      await readNewest();
      find('#list-title').focus();
    }
    if (tab === 'node') {
      await node.open();
    }
    if (!tab) {
      complain(word('noScope'));
    }
  });
}

function signOut() {
  api = null;
  client = null;
  list = { title: 'newestUsers', users: [], next: undefined };
  panel.show(null);
  node.begin();
  find('#checks').replaceChildren();
  find('#counted').replaceChildren();
  find('#users').classList.remove('chosen');
  find('#rows').replaceChildren();
  find('#search').reset();
  find('#end-all').reset();
  complain('');
  say('');
  render();
  find('#client-id').focus();
}

/* The parts of the page */

const offered = () => [
  ...(client.scopes.includes('users') ? ['users'] : []),
  ...(page.mayAll('manage') ? ['everybody'] : []),
  ...(node.mayExamine || node.mayCount ? ['node'] : []),
];

function open(name, focused) {
  tab = name;
  render();
  if (focused) {
    find(`#tab-${name}`).focus();
  }
  if (name === 'users' && !list.users.length) {
    doing(readNewest);
  }
  if (name === 'node') {
    doing(() => node.open());
  }
}

function renderTabs() {
  const names = offered();
  find('#tabs').replaceChildren(...names.map(name => {
    const button = make('button', {
      type: 'button', id: `tab-${name}`, role: 'tab', 'aria-controls': name, 'aria-selected': name === tab,
      tabIndex: name === tab ? 0 : -1, on: () => open(name, true),
    }, word(name));
    button.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        open(names[(names.indexOf(name) + step + names.length) % names.length], true);
      }
    });
    return button;
  }));
}

/* The list of users */

async function readNewest() {
  await read('newestUsers', () => api.get('users'));
}

/** What was asked for first may come last. */
async function read(title, asking) {
  const turn = ++reading;
  const { users, next } = await asking();
  if (turn === reading && client) {
    list = { title, users, next };
    panel.show(null);
    find('#users').classList.remove('chosen');
    renderList();
  }
}

async function readOlder() {
  const turn = reading;
  const { users, next } = await api.get(`users?before=${list.next}`);
  if (turn === reading) {
    const first = list.users.length;
    list = { ...list, users: [...list.users, ...users], next };
    renderList();
    (find('#rows').children[first]?.firstChild ?? find('#list-title')).focus();
  }
}

async function search(event) {
  event.preventDefault();
  const by = find('#by').value;
  const value = find('#value').value.trim();
  const within = find('#within').value.trim();
  await doing(async () => {
    await read('found', () => by === 'phone'
      ? api.post('users/find', { phoneNumber: value, ...(within && { countryCode: within }) })
      : api.get('users?' + new URLSearchParams(by === 'openid' ? { appid: within, openid: value } : { [by]: value })));
    if (list.users.length === 1) {
      await choose(list.users[0]);
    } else {
      find('#list-title').focus();
    }
  });
}

async function choose(user) {
  find('#users').classList.add('chosen');
  const shown = panel.show(user);
  renderList();
  find('#user-title').focus();
  await shown;
}

function renderList() {
  find('#list-title').textContent = word(list.title);
  find('#newest').hidden = list.title === 'newestUsers';
  find('#older').hidden = !list.next;
  const nobody = word(list.title === 'found' ? 'nobody' : 'nobodyHere');
  find('#rows').replaceChildren(...(list.users.length ? list.users.map(row) : [make('li', { className: 'soft empty' }, nobody)]));
}

function row(user) {
  const chosen = user.userId === panel.userId;
  const item = button('', () => doing(() => choose(user)), 'row');
  item.setAttribute('aria-current', chosen);
  item.append(
    make('span', { className: user.nickName ? 'name' : 'name soft' }, user.nickName || word('noName')),
    user.disabled ? make('span', { className: 'pill bad' }, word('disabled')) : make('span', { className: 'soft' }, user.maskedPhone ?? ''),
    make('span', { className: 'soft small' }, time(user.createdAt)),
    make('code', {}, user.userId.slice(0, 13) + '…'));
  return make('li', {}, item);
}

/* Everybody's sessions */

async function endAll(event) {
  event.preventDefault();
  const appid = find('#end-all-app').value.trim();
  const type = appid || EVERYBODY;
  const agreed = await ask({ title: word('endAllTitle'), text: word('endAllAsk'), detail: appid || word('everyApp'), type, action: word('endAll') });
  if (!agreed) {
    return;
  }
  await doing(async () => {
    const body = { confirm: type, ...(appid && { appid }) };
    let all = 0;
    let progress = { next: undefined, done: false };
    while (!progress.done) {
      say(word('ending') + number(all));
      progress = await api.post('sessions/end-all', { ...body, ...(progress.next && { next: progress.next }) });
      all += progress.ended;
    }
    say(word('didEndAll') + number(all));
  });
}

/* Everything */

function render() {
  document.documentElement.lang = currentLanguage();
  document.querySelectorAll('[data-word]').forEach(element => { element.textContent = word(element.dataset.word); });
  document.querySelectorAll('[data-label]').forEach(element => { element.setAttribute('aria-label', word(element.dataset.label)); });
  document.querySelectorAll('[data-language]').forEach(element => { element.setAttribute('aria-pressed', element.dataset.language === currentLanguage()); });
  document.title = `Third Session · ${word('operator')}`;
  find('#entrance').hidden = client !== null;
  find('#inside').hidden = client === null;
  find('#sign-out').hidden = client === null;
  find('#who').hidden = client === null;
  find('#who').textContent = client?.id ?? '';
  renderSearch();
  if (client) {
    renderTabs();
    find('#tabs').hidden = offered().length < 2;
    find('#users').hidden = tab !== 'users';
    find('#everybody').hidden = tab !== 'everybody';
    find('#node').hidden = tab !== 'node';
    node.render();
    renderList();
    panel.render();
  }
}

function renderSearch() {
  const by = find('#by').value;
  const within = { openid: 'appid', phone: word('countryCode') }[by] ?? '';
  find('label[for=within]').textContent = within;
  find('#within').placeholder = within;
  find('#within').hidden = within === '';
  find('#within').required = by === 'openid';
  find('#value').type = by === 'phone' ? 'tel' : 'text';
  find('#value').placeholder = by === 'phone' ? word('phone') : by;
}

document.querySelectorAll('[data-language]').forEach(element => element.addEventListener('click', () => {
  speak(languages.find(language => language === element.dataset.language));
  complain('');
  say('');
  render();
  if (client && tab === 'node' && node.mayExamine) {
    doing(() => node.examine()); // what it said was in the other language
  } else {
    node.forget();
  }
}));
find('#sign-in').addEventListener('submit', signIn);
find('#sign-out').addEventListener('click', signOut);
find('#search').addEventListener('submit', search);
find('#by').addEventListener('change', () => {
  find('#within').value = '';
  renderSearch();
});
find('#newest').addEventListener('click', () => doing(readNewest));
find('#older').addEventListener('click', () => doing(readOlder));
find('#examine').addEventListener('click', () => doing(() => node.examine()));
find('#recount').addEventListener('click', () => doing(() => node.count()));
find('#end-all').addEventListener('submit', endAll);
render();
find('#client-id').focus();
