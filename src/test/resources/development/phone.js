// The phone's screen: status bar, navigation bar, a page of the mini program, and WeChat's own dialogs over it.

import { el, language, onLanguage, pause, pick } from '/dev/dom.js';
import { english } from '/dev/words.js';

const TOAST_TIME = 2000;
const PICTURES = [['#07c160', '#e3f8ec', '叶'], ['#ff8a3d', '#fff0e2', '橙'], ['#5b7cfa', '#e8edff', '海']];
const PICTURE_SIZE = 256;

/** The mini program speaks Chinese; in English each of its texts is looked up. */
export const say = (text) => (language() === 'zh' ? text : english(text));

export class Phone {
  constructor(host, styles) {
    // Its own tree, since the mini program's styles are for a page of its own.
    const shadow = host.attachShadow({ mode: 'open' });
    this.title = el('h2', { tabindex: '-1' });
    this.back = el('button', { type: 'button', class: 'back', click: () => this.act(() => this.program.back()) });
    this.body = el('page', {});
    this.over = el('div', { class: 'over' });
    this.toasts = el('div', { class: 'toasts', role: 'status' });
    this.clock = el('span', {});
    this.content = el('div', { class: 'content' },
      el('div', { class: 'status', 'aria-hidden': 'true' }, this.clock, el('span', { class: 'signal' })),
      el('div', { class: 'nav' }, this.back, this.title, el('span', { class: 'capsule', 'aria-hidden': 'true' })),
      this.body);
    shadow.append(
      ...['/dev/wx.css', ...styles].map((href) => el('link', { rel: 'stylesheet', href })),
      el('div', { class: 'screen' }, this.content, this.over, this.toasts));
    this.shadow = shadow;
    this.files = new Map();
    this.body.addEventListener('click', ({ target }) => this.act(() => this.program.tapped(target)));
    this.body.addEventListener('submit', (event) => {
      event.preventDefault();
      this.act(() => this.program.submitted(event.target));
    });
    onLanguage(() => this.program?.page && this.draw(this.program.page));
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
    this.body.className = '';
    requestAnimationFrame(() => { this.body.className = direction; });
    this.body.scrollTop = 0;
    // The keyboard goes on where the new page begins; nobody else's focus is taken.
    if (focused) this.title.focus({ preventScroll: true });
    return undefined;
  }

  redraw(page) {
    const had = this.shadow.activeElement;
    this.program.drawInto(this.body, page);
    if (had && !this.shadow.activeElement) this.title.focus({ preventScroll: true });
  }

  /** What the shim asks of a screen. */
  ui(name, options) {
    if (name === 'showToast') return this.toast(say(options.title));
    if (name === 'showModal') return this.modal(options);
    if (name === 'showActionSheet') return this.actionSheet(options);
    if (name === 'navigateBack') return this.program.back();
    if (name === 'openPrivacyContract') {
      return this.modal({ title: '《小程序隐私保护指引》', content: pick('模拟器里没有正文。', 'There is no text in the simulator.'), showCancel: false });
    }
    return undefined;
  }

  toast(text) {
    const shown = el('p', { class: 'toast' }, text);
    this.toasts.replaceChildren(shown);
    setTimeout(() => shown.remove(), TOAST_TIME);
  }

  async modal({ title, content, confirmText = '好', cancelText = '取消', showCancel = true }) {
    const confirm = await this.dialog((close) => [
      el('div', { class: 'modal' },
        el('h3', {}, say(title)), el('p', {}, say(content)),
        el('div', { class: 'choices' },
          showCancel && el('button', { type: 'button', click: () => close(false) }, say(cancelText)),
          el('button', { type: 'button', class: 'confirm', click: () => close(true) }, say(confirmText)))),
    ], say(title));
    return { confirm: confirm === true, cancel: confirm !== true };
  }

  async actionSheet({ alertText, itemList }) {
    const tapIndex = await this.dialog((close) => [
      el('div', { class: 'sheet' },
        el('p', { class: 'alert' }, say(alertText ?? '')),
        itemList.map((item, index) => el('button', { type: 'button', class: index ? '' : 'hot', click: () => close(index) }, say(item))),
        el('button', { type: 'button', class: 'cancel', click: () => close(null) }, say('取消'))),
    ], say(alertText ?? ''));
    return tapIndex === null ? { fail: 'cancel' } : { tapIndex };
  }

  /** Resolves to what close() is given; null by Escape. The page beneath rests. */
  dialog(build, label) {
    return new Promise((resolve) => {
      const before = this.shadow.activeElement;
      const close = (value) => {
        this.over.replaceChildren();
        this.content.inert = false;
        this.closeDialog = null;
        (before?.isConnected ? before : this.title).focus({ preventScroll: true });
        resolve(value);
      };
      this.closeDialog = close;
      const dialog = el('div', { class: 'dialog', role: 'dialog', 'aria-modal': 'true', 'aria-label': label }, build(close));
      dialog.addEventListener('keydown', ({ key }) => { if (key === 'Escape') close(null); });
      dialog.addEventListener('click', ({ target }) => { if (target === dialog) close(null); });
      this.over.replaceChildren(dialog);
      this.content.inert = true;
      dialog.querySelector('.hot, .confirm, button').focus({ preventScroll: true });
    });
  }

  /** Nobody answers: as if the user had closed it. */
  dismiss() {
    this.closeDialog?.(null);
  }

  /** Taps the phone button, as a finger would, and allows. */
  async tapAndAllow() {
    this.body.querySelector('.tap')?.click();
    await pause(700);
    this.over.querySelector('.sheet .hot')?.click();
  }

  /* WeChat's own buttons */

  openSetting() {
    return this.modal({ title: '授权设置', content: pick('模拟器里没有可改的授权。', 'There is nothing to change in the simulator.'), showCancel: false });
  }

  /** Resolves to the path of a temporary file, or to null. */
  async chooseAvatar() {
    const drawn = PICTURES.map((colours) => drawPicture(...colours));
    const input = el('input', { type: 'file', accept: 'image/*', class: 'file', 'aria-label': pick('从文件选择', 'From a file') });
    const chosen = await this.dialog((close) => {
      input.addEventListener('change', () => close(input.files[0] ?? null));
      return el('div', { class: 'sheet' },
        el('p', { class: 'alert' }, pick('选择头像', 'Choose a picture')),
        el('div', { class: 'pictures' }, drawn.map((canvas, index) => {
          const label = pick(`头像 ${index + 1}`, `Picture ${index + 1}`);
          return el('button', { type: 'button', 'aria-label': label, click: () => close(canvas) }, canvas);
        })),
        el('label', { class: 'choose' }, pick('从文件选择', 'From a file'), input),
        el('button', { type: 'button', class: 'cancel', click: () => close(null) }, say('取消')));
    }, pick('选择头像', 'Choose a picture'));
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
