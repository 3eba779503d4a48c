// Runs a mini program as WeChat would: its pages, their data, what can be tapped.

import { compile, patch } from '/dev/wxml.js';
import { createRequire, load, text } from '/dev/modules.js';

const ROOT = 'app';

/** Loads what the sample consists of; the same for every phone. */
export async function loadSample() {
  const app = JSON.parse(await text(`${ROOT}/app.json`));
  const pages = await Promise.all(app.pages.map(loadPage));
  await load(`${ROOT}/app`, `${ROOT}/config`, 'wx/index');
  return {
    pages: new Map(pages.map((page) => [page.path, page])),
    styles: ['app', ...app.pages].map((path) => `/dev/miniprogram/${ROOT}/${path}.wxss`),
  };
}

async function loadPage(path) {
  const [wxml, json] = await Promise.all([text(`${ROOT}/${path}.wxml`), text(`${ROOT}/${path}.json`)]);
  await load(`${ROOT}/${path}`);
  return { path, render: compile(wxml), title: JSON.parse(json).navigationBarTitleText };
}

/**
 * The sample, running.
 *
 * `view` shows it: draw(page) when another page or language is there, and `chooseAvatar()`, `openSetting()` for what
 * WeChat's own buttons do. `say` translates; `onTap` hears what the user does, before it happens.
 */
export class MiniProgram {
  constructor({ sample, wx, view, say, onTap }) {
    Object.assign(this, { sample, wx, view, say, onTap });
    this.stack = [];
    this.definitions = new Map();
    this.require = createRequire({ wx, App: (app) => { this.app = app; }, Component: (page) => { this.defined = page; } });
    this.require(`${ROOT}/config`).baseUrl = location.origin;
  }

  /** The sample's own session client. */
  get session() {
    return this.require(`${ROOT}/session`);
  }

  get page() {
    return this.stack.at(-1);
  }

  launch() {
    this.require(`${ROOT}/app`);
    this.app.onLaunch();
    return this.open([...this.sample.pages.keys()][0]);
  }

  /** Resolves when what the page does by itself is done. */
  async open(path) {
    this.stack.push(this.create(path.replace(/^\//, '')));
    this.view.draw(this.page, 'forward');
    await this.page.onLoad?.();
    await this.show();
  }

  async back() {
    if (this.stack.length < 2) return;
    this.stack.pop().detached();
    this.view.draw(this.page, 'back');
    await this.show();
  }

  /** All other pages go. */
  async relaunch(path = [...this.sample.pages.keys()][0]) {
    this.stack.splice(0).forEach((page) => page.detached());
    await this.open(path);
  }

  async show() {
    await this.page.onShow?.();
  }

  create(path) {
    const { data, methods, lifetimes = {} } = this.definition(path);
    const page = Object.create(methods, { detached: { value: () => lifetimes.detached?.call(page) } });
    page.path = path;
    page.title = this.sample.pages.get(path).title;
    page.data = structuredClone(data);
    page.setData = (changes) => {
      Object.assign(page.data, changes);
      if (page === this.page) this.view.draw(page);
    };
    lifetimes.attached?.call(page);
    return page;
  }

  /** What a page's module gives to Component(), once, however often the page is opened. */
  definition(path) {
    if (!this.definitions.has(path)) {
      this.require(`${ROOT}/${path}`);
      this.definitions.set(path, this.defined);
    }
    return this.definitions.get(path);
  }

  /** Draws a page into an element, or only what has changed in it. */
  drawInto(element, page) {
    patch(element, this.sample.pages.get(page.path).render(page.data, this.say));
  }

  /** A click somewhere in a page. */
  async tapped(target) {
    const node = target.closest('button');
    if (!node?.events || node.getAttribute('aria-disabled') === 'true') return;
    const { navigate, openType, tap } = node.events;
    const { page } = this; // WeChat's own dialogs take their time: this one may be closed when they answer
    if (navigate) {
      this.onTap(navigate.replace(/^\//, ''));
      await this.open(navigate);
    } else if (openType === 'chooseAvatar') {
      const avatarUrl = await this.view.chooseAvatar();
      if (avatarUrl) this.call(node.events.chooseavatar, { detail: { avatarUrl } }, page);
    } else if (openType === 'openSetting') {
      await this.view.openSetting();
      this.call(node.events.opensetting, { detail: {} }, page);
    } else {
      this.call(tap, { currentTarget: { dataset: { ...node.dataset } }, detail: {} });
    }
  }

  submitted(form) {
    const save = form.querySelector('[type=submit]');
    if (save?.getAttribute('aria-disabled') === 'true') return;
    this.call(form.events.submit, { detail: { value: Object.fromEntries(new FormData(form)) } });
  }

  call(handler, event, page = this.page) {
    if (!handler || !this.stack.includes(page)) return undefined;
    this.onTap(handler);
    return page[handler](event);
  }
}
