import { button, code, make } from './dom.js';
import { word } from './words.js';

/**
 * Asks before something is done; resolves to whether it may be. Where there is a text to be typed,
 * nothing is done before it is.
 */
export function ask({ title, text, detail = '', type = '', action }) {
  return new Promise(resolve => {
    const dialog = make('dialog', { 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-text' });
    const doIt = make('button', { className: 'main danger', disabled: type !== '' }, action);
    const typed = make('input', { id: 'dialog-typed', type: 'text', autocomplete: 'off', spellcheck: false });
    typed.addEventListener('input', () => { doIt.disabled = typed.value !== type; });
    const form = make('form', {},
      make('h2', { id: 'dialog-title' }, title),
      make('p', { id: 'dialog-text' }, text, detail === '' ? '' : make('strong', {}, detail)),
      type === '' ? null : make('label', { htmlFor: 'dialog-typed' }, word('typeThis'), code(type)),
      type === '' ? null : typed,
      make('div', { className: 'actions end' }, button(word('cancel'), () => dialog.close()), doIt));
    let agreed = false;
    form.addEventListener('submit', event => {
      event.preventDefault();
      if (typed.value === type) {
        agreed = true;
        dialog.close();
      }
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(agreed);
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
    (type === '' ? form.querySelector('button') : typed).focus();
  });
}
