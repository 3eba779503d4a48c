/** Elements whose texts are texts, whatever is in them: a nickname is a stranger's. */

export const find = selector => document.querySelector(selector);

/** Makes an element with these properties and children; a child may be a text. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'on') {
      element.addEventListener('click', value);
    } else if (name.startsWith('aria-') || name === 'role' || name === 'title') {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

export const button = (text, on, className = '') => make('button', { type: 'button', className, on }, text);

/** Makes a list of names and values, without those that have no value. */
export const facts = pairs =>
  make('dl', { className: 'facts' },
    ...pairs.filter(([, value]) => value).map(([name, value]) =>
      make('div', { className: value.tagName === 'CODE' && value.textContent.length > 20 ? 'wide' : '' },
        make('dt', {}, name), make('dd', {}, value))));

/** Makes an id that can be selected with one click, and may break anywhere. */
export const code = text => make('code', {}, text);
