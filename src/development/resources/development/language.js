// Which language the page speaks: ?lang=, else the last choice, else the browser's.

import { language, memory, onLanguage, speak } from '/dev/dom.js';

const known = (chosen) => chosen === 'zh' || chosen === 'en';

export function startLanguage() {
  const wanted = new URLSearchParams(location.search).get('lang');
  const buttons = [...document.querySelectorAll('[data-language]')];

  onLanguage(() => buttons.forEach((button) => {
    button.setAttribute('aria-pressed', button.dataset.language === language());
  }));
  speak([wanted, memory.get('lang')].find(known) ?? (/^zh/i.test(navigator.language) ? 'zh' : 'en'));
  buttons.forEach((button) => button.addEventListener('click', () => {
    memory.set('lang', button.dataset.language);
    speak(button.dataset.language);
    if (wanted) history.replaceState(null, '', location.pathname); // else a reload would undo the choice
  }));
}
