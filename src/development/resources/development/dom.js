// Making elements, and saying everything in two languages.

const root = document.documentElement;

export const byId = (id) => document.getElementById(id);

/** Makes an element. Children are nodes or text, never HTML: answers of the server are shown as they are. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(9).filter((child) => child != null && child !== false));
  return node;
}

/** A text in both languages. The style sheet shows one of them, so that switching redraws nothing. */
export const both = (zh, en) => [el('span', { lang: 'zh' }, zh), el('span', { lang: 'en' }, en)];

/** One of the two, for what cannot hold both: attributes, and the phone. */
export const pick = (zh, en) => (language() === 'zh' ? zh : en);

/** A mask of this name in the style sheet, so that it has the colour of the text around it. */
export const icon = (name) => el('i', { class: `icon ${name}`, 'aria-hidden': 'true' });

export const language = () => (root.lang.startsWith('zh') ? 'zh' : 'en');

const listeners = [];

/** Calls back whenever the language changes. */
export const onLanguage = (listener) => listeners.push(listener);

export function speak(chosen) {
  root.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  document.title = pick('Third Session · 看一次微信登录', 'Third Session · watch a WeChat login');
  for (const node of document.querySelectorAll('[data-label-zh]')) {
    node.setAttribute('aria-label', pick(node.dataset.labelZh, node.dataset.labelEn));
  }
  listeners.forEach((listener) => listener());
}

/** What this browser remembers; a browser may forbid that altogether. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch { /* then it is forgotten with the page */ }
  },
};

/** Whoever wants no motion wants no waiting for it either. */
export const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
export const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, calm ? 0 : milliseconds); });
