// The phone's screen: status bar, navigation bar, a page of the mini program, and WeChat's own dialogs over it.

import { el, language, onLanguage, pause, pick } from '/dev/dom.js';
import { english } from '/dev/words.js';

const TOAST_TIME = 2000;
const PICTURES = [['#07c160', '#e3f8ec', '叶'], ['#ff8a3d', '#fff0e2', '橙'], ['#5b7cfa', '#e8edff', '海']];
const PICTURE_SIZE = 256;

/** The mini program speaks Chinese; in English each of its texts is looked up. A function knows both by itself. */
export const say = (text) => {
  if (typeof text === 'function') return text();
  return language() === 'zh' ? text : english(text);
};

export class Phone {
  constructor(host, styles) {
    // Its own tree, since the mini program's styles are for a page of its own.
    const shadow = host.attachShadow({ mode: 'open' });
    this.title = el('h2', { tabindex: '-1' });
    this.back = el('button', { type: 'button', class: 'wx-back', click: () => this.act(() => this.program.back()) });
    this.body = el('page', {});
    this.over = el('div', { class: 'wx-over' });
    this.toasts = el('div', { class: 'wx-toasts', role: 'status' });
    this.clock = el('span', {});
    this.content = el('div', { class: 'wx-content' },
      el('div', { class: 'wx-status', 'aria-hidden': 'true' }, this.clock, el('span', { class: 'wx-signal' })),
      el('div', { class: 'wx-nav' }, this.back, this.title, el('span', { class: 'wx-capsule', 'aria-hidden': 'true' })),
      this.body);
    shadow.append(
      ...['/dev/wx.css', ...styles].map((href) => el('link', { rel: 'stylesheet', href })),
      el('div', { class: 'wx-screen' }, this.content, this.over, this.toasts));
    this.host = host;
    this.shadow = shadow;
    this.files = new Map();
    this.body.addEventListener('click', ({ target }) => this.act(() => this.program.tapped(target)));
    this.body.addEventListener('submit', (event) => {
      event.preventDefault();
      this.act(() => this.program.submitted(event.target));
    });
    onLanguage(() => {
      if (this.program?.page) this.draw(this.program.page);
      this.fillDialog?.();
      this.fillToast?.();
    });
    // Wherever the focus has gone meanwhile.
    document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.dismiss(); });
    this.tick();
  }

  tick() {
    this.clock.textContent = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });
    setTimeout(() => this.tick(), 10_000);
  }

  /** The sample shows its own errors; what still comes here is a defect, and belongs into the console. */
  act(work) {
    Promise.resolve(work()).catch((error) => setTimeout(() => { throw error; }));
  }

  /** Draws a page; with a direction it is another one, and slides in. */
  draw(page, direction) {
    this.title.textContent = say(page.title);
    this.back.hidden = this.program.stack.length < 2;
    this.back.setAttribute('aria-label', pick('返回', 'Back'));
    if (!direction) return this.redraw(page);
    const focused = this.shadow.activeElement;
    this.body.replaceChildren();
    this.redraw(page);
    delete this.body.dataset.comes;
    requestAnimationFrame(() => { this.body.dataset.comes = direction; });
    this.body.scrollTop = 0;
    // The keyboard goes on where the new page begins; nobody else's focus is taken.
    if (focused) this.title.focus({ preventScroll: true });
    return undefined;
  }

  redraw(page) {
    const had = this.shadow.activeElement;
    const notices = this.body.querySelectorAll('.notice').length;
    this.program.drawInto(this.body, page);
    // What went wrong is said at the top of the screen.
    if (this.body.querySelectorAll('.notice').length > notices) this.host.parentElement.scrollIntoView({ block: 'nearest' });
    if (had && !this.shadow.activeElement) this.title.focus({ preventScroll: true });
  }

  /** What the shim asks of a screen. */
  ui(name, options) {
    if (name === 'showToast') return this.toast(options.title);
    if (name === 'showModal') return this.modal(options);
    if (name === 'showActionSheet') return this.actionSheet(options);
    if (name === 'navigateBack') return this.program.back();
    if (name === 'openPrivacyContract') {
      return this.modal({
        title: () => pick('《小程序隐私保护指引》', 'Privacy guide'),
        content: () => pick('模拟器里没有正文。', 'There is no text in the simulator.'),
        showCancel: false,
      });
    }
    return undefined;
  }

  toast(text) {
    const shown = el('p', { class: 'wx-toast' }, say(text));
    this.toasts.replaceChildren(shown);
    this.fillToast = () => { shown.textContent = say(text); };
    setTimeout(() => shown.remove(), TOAST_TIME);
  }

  async modal({ title, content, confirmText = '好', cancelText = '取消', showCancel = true }) {
    const confirm = await this.dialog((close) => [
      el('div', { class: 'wx-modal' },
        el('h3', {}, say(title)), el('p', {}, say(content)),
        el('div', { class: 'wx-choices' },
          showCancel && el('button', { type: 'button', click: () => close(false) }, say(cancelText)),
          el('button', { type: 'button', class: 'wx-confirm', click: () => close(true) }, say(confirmText)))),
    ], () => say(title));
    return { confirm: confirm === true, cancel: confirm !== true };
  }

  async actionSheet({ alertText = '', itemList }) {
    const tapIndex = await this.dialog((close) => [
      el('div', { class: 'wx-sheet' },
        el('p', { class: 'wx-alert' }, say(alertText)),
        itemList.map((item, index) => el('button', { type: 'button', class: index ? '' : 'wx-hot', click: () => close(index) }, say(item))),
        el('button', { type: 'button', class: 'wx-cancel', click: () => close(null) }, say('取消'))),
    ], () => say(alertText));
    return tapIndex === null ? { fail: 'cancel' } : { tapIndex };
  }

  /**
   * Resolves to what close() is given; null by Escape. The page beneath rests. `build` and `label` are asked anew when
   * the language changes.
   */
  dialog(build, label) {
    this.dismiss();
    return new Promise((resolve) => {
      const before = this.shadow.activeElement;
      const close = (value) => {
        this.over.replaceChildren();
        this.content.inert = false;
        this.closeDialog = this.fillDialog = null;
        (before?.isConnected ? before : this.title).focus({ preventScroll: true });
        resolve(value);
      };
      const dialog = el('div', { class: 'wx-dialog', role: 'dialog', 'aria-modal': 'true' });
      const fill = () => {
        dialog.setAttribute('aria-label', label());
        dialog.replaceChildren(...build(close));
      };
      this.closeDialog = close;
      this.fillDialog = () => {
        const focused = focusable(dialog).indexOf(this.shadow.activeElement);
        fill();
        focusable(dialog)[focused]?.focus({ preventScroll: true });
      };
      dialog.addEventListener('keydown', (event) => keepFocus(dialog, event));
      dialog.addEventListener('click', ({ target }) => { if (target === dialog) close(null); });
      fill();
      this.over.replaceChildren(dialog);
      this.content.inert = true;
      dialog.querySelector('.wx-hot, .wx-confirm, button').focus({ preventScroll: true });
    });
  }

  /** Nobody answers: as if the user had closed it. */
  dismiss() {
    this.closeDialog?.(null);
  }

  /** Allows what the sheet asks, as a finger would; answers whether there was one. */
  async allow() {
    await pause(700);
    const hot = this.over.querySelector('.wx-sheet .wx-hot');
    hot?.click();
    return Boolean(hot);
  }

  /* WeChat's own buttons */

  openSetting() {
    return this.modal({
      title: '授权设置',
      content: () => pick('模拟器里没有可改的授权。', 'There is nothing to change in the simulator.'),
      showCancel: false,
    });
  }

  /** Resolves to the path of a temporary file, or to null. */
  async chooseAvatar() {
    const drawn = PICTURES.map((colours) => drawPicture(...colours));
    const chosen = await this.dialog((close) => [
      el('div', { class: 'wx-sheet' },
        el('p', { class: 'wx-alert' }, pick('选择头像', 'Choose a picture')),
        el('div', { class: 'wx-pictures' }, drawn.map((canvas, index) => {
          const label = pick(`头像 ${index + 1}`, `Picture ${index + 1}`);
          return el('button', { type: 'button', 'aria-label': label, click: () => close(canvas) }, canvas);
        })),
        el('label', { class: 'wx-choose' }, pick('从文件选择', 'From a file'), fileInput(close)),
        el('button', { type: 'button', class: 'wx-cancel', click: () => close(null) }, say('取消'))),
    ], () => pick('选择头像', 'Choose a picture'));
    if (!chosen) return null;
    return this.keep(chosen instanceof File ? chosen : await new Promise((resolve) => { chosen.toBlob(resolve, 'image/png'); }));
  }

  keep(blob) {
    const path = `http://tmp/${this.files.size}.${blob.type.split('/').at(-1)}`;
    this.files.set(path, blob);
    return path;
  }

  readFile(path, done) {
    const blob = this.files.get(path);
    if (!blob) return done(new Error('file not found'));
    return done(null, { name: path.split('/').at(-1), type: blob.type, bytes: blob });
  }
}

const focusable = (dialog) => [...dialog.querySelectorAll('button, input')];

/** Tab goes round in a dialog, and not out of it. */
function keepFocus(dialog, event) {
  if (event.key !== 'Tab') return;
  const all = focusable(dialog);
  const [end, begin] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  if (event.target !== end) return;
  event.preventDefault();
  begin.focus({ preventScroll: true });
}

function fileInput(close) {
  const input = el('input', { type: 'file', accept: 'image/*', class: 'wx-file', 'aria-label': pick('从文件选择', 'From a file') });
  input.addEventListener('change', () => close(input.files[0] ?? null));
  return input;
}

function drawPicture(dark, light, sign) {
  const canvas = el('canvas', { width: PICTURE_SIZE, height: PICTURE_SIZE });
  const paint = canvas.getContext('2d');
  paint.fillStyle = light;
  paint.fillRect(0, 0, PICTURE_SIZE, PICTURE_SIZE);
  paint.fillStyle = dark;
  paint.beginPath();
  paint.arc(PICTURE_SIZE / 2, PICTURE_SIZE / 2, PICTURE_SIZE * 0.36, 0, 7);
  paint.fill();
  paint.fillStyle = '#fff';
  paint.font = `600 ${PICTURE_SIZE * 0.36}px "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif`;
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  paint.fillText(sign, PICTURE_SIZE / 2, PICTURE_SIZE * 0.52);
  return canvas;
}
