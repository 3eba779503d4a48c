// As much of WXML as the sample needs: wx:if, wx:else, wx:for, {{…}}, and the elements that it uses.

/* Expressions. The page may not eval, so they are parsed; each becomes a function of the data. */

const TOKEN = /\s*(?:'([^']*)'|(\d+)|([A-Za-z_$][\w$]*)|(\|\||&&|==|!=|[!.()]))/y;

function tokens(source) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const match = TOKEN.exec(source);
    if (!match) throw new SyntaxError(`not understood in WXML: {{${source}}}`);
    const [, string, number, name, sign] = match;
    found.push({ string, number, name, sign });
  }
  return found;
}

function expression(source) {
  const rest = tokens(source);
  const next = (sign) => rest[0]?.sign === sign && Boolean(rest.shift());
  const whole = either();
  if (rest.length) throw new SyntaxError(`not understood in WXML: {{${source}}}`);
  return whole;

  function either() {
    const left = all();
    if (!next('||')) return left;
    const right = either();
    return (data) => left(data) || right(data);
  }
  function all() {
    const left = equal();
    if (!next('&&')) return left;
    const right = all();
    return (data) => left(data) && right(data);
  }
  /** WXML's == is JavaScript's; the sample compares numbers only, where === is the same. */
  function equal() {
    const left = single();
    const negated = next('!=');
    if (!negated && !next('==')) return left;
    const right = single();
    return (data) => (left(data) === right(data)) !== negated;
  }
  function single() {
    if (next('!')) {
      const value = single();
      return (data) => !value(data);
    }
    let value = next('(') ? bracketed() : operand();
    while (next('.')) value = member(value, rest.shift().name);
    return value;
  }
  function bracketed() {
    const value = either();
    next(')');
    return value;
  }
  function operand() {
    const { string, number, name } = rest.shift() ?? {};
    if (string !== undefined) return () => string;
    if (number !== undefined) return () => Number(number);
    if (name === undefined) throw new SyntaxError(`not understood in WXML: {{${source}}}`);
    return (data) => data[name];
  }
  function member(object, name) {
    return (data) => object(data)?.[name];
  }
}

/** `a{{b}}c` as a function of data and of what is done to each text; a lone {{b}} keeps its type. */
function template(source) {
  const parts = source.split(/\{\{(.*?)\}\}/s).map((part, index) => (index % 2 ? expression(part) : part));
  if (parts.length === 3 && !parts[0] && !parts[2]) return (data, say) => said(parts[1](data), say);
  return (data, say) => parts.map((part) => (typeof part === 'string' ? say(part) : said(part(data), say) ?? '')).join('');
}

const said = (value, say) => (typeof value === 'string' ? say(value) : value);

/* Elements. What can be tapped becomes a real button. */

const TAGS = { navigator: 'button', image: 'img', text: 'span' };
const PLAIN = ['class', 'name', 'maxlength', 'mode'];

/** Returns a function (data, say) that makes the nodes; `say` translates the texts of the mini program. */
export function compile(source) {
  const { body } = new DOMParser().parseFromString(source, 'text/html');
  return children(body);
}

function children(parent) {
  const makers = [];
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) makers.push(textMaker(node.data.trim()));
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      makers.push(conditional(node, makers));
    }
  }
  return (data, say) => makers.flatMap((make) => make(data, say));
}

function textMaker(source) {
  const text = template(source);
  return (data, say) => [document.createTextNode(text(data, say) ?? '')];
}

/** wx:else belongs to the wx:if right before it. */
function conditional(node, before) {
  const make = repeated(node);
  const raw = (value) => value;
  if (node.hasAttribute('wx:if')) {
    const test = template(node.getAttribute('wx:if'));
    const made = (data, say) => (test(data, raw) ? make(data, say) : []);
    made.test = (data) => test(data, raw);
    return made;
  }
  if (node.hasAttribute('wx:else')) {
    const { test } = before.at(-1);
    return (data, say) => (test(data) ? [] : make(data, say));
  }
  return make;
}

function repeated(node) {
  const make = node.localName === 'block' ? children(node) : elementMaker(node);
  if (!node.hasAttribute('wx:for')) return make;
  const list = template(node.getAttribute('wx:for'));
  return (data, say) => (list(data, (value) => value) ?? [])
    .flatMap((item, index) => make({ ...data, item, index }, say));
}

function elementMaker(node) {
  const attributes = [...node.attributes].filter(({ name }) => !name.startsWith('wx:') && name !== 'loading')
    .map(({ name, value }) => [name, template(value)]);
  const loading = template(node.getAttribute('loading') ?? '');
  const content = children(node);
  const tag = TAGS[node.localName] ?? node.localName;
  return (data, say) => {
    const made = document.createElement(tag);
    made.events = {};
    if (tag === 'button') made.type = 'button';
    if (node.localName === 'img') made.alt = '';
    for (const [name, value] of attributes) setAttribute(made, name, value, data, say);
    made.kind = `${tag} ${made.className}`; // before it works: that changes its class
    if (isTrue(loading, data)) made.classList.add('loading');
    made.append(...content(data, say));
    return [made];
  };
}

const isTrue = (value, data) => Boolean(value(data, (text) => text));

function setAttribute(node, name, value, data, say) {
  const plain = () => value(data, (text) => text);
  if (name.startsWith('bind')) node.events[name.slice(4)] = plain();
  else if (name.startsWith('data-') || PLAIN.includes(name)) node.setAttribute(name, plain());
  else if (name === 'src') showImage(node, plain());
  else if (name === 'url') node.events.navigate = plain();
  else if (name === 'open-type') node.events.openType = plain();
  else if (name === 'form-type') node.type = plain();
  else if (name === 'value') node.setAttribute('value', plain() ?? '');
  else if (name === 'placeholder') labelInput(node, value(data, say));
  // Not `disabled`: a button that is disabled while it works would lose the keyboard's focus.
  else if (name === 'disabled') node.setAttribute('aria-disabled', isTrue(value, data));
  else if (name === 'aria-role') node.setAttribute('role', plain());
  else if (name.startsWith('aria-')) node.setAttribute(name, value(data, say));
}

function labelInput(node, text) {
  node.placeholder = text;
  node.setAttribute('aria-label', text);
  node.autocomplete = 'off';
}

/** Pictures of other servers are not shown: the page loads nothing from elsewhere. */
function showImage(node, url) {
  if (url && new URL(url, location.href).origin === location.origin) node.setAttribute('src', url);
}

/* Drawing again: what did not change stays, so that focus and typed text survive. */

export function patch(parent, wanted) {
  let old = parent.firstChild;
  for (const node of wanted) {
    const same = alike(old, node);
    if (!same) {
      parent.insertBefore(node, old);
      continue;
    }
    while (old !== same) old = removed(old);
    if (old.nodeType === Node.TEXT_NODE) update(old, 'data', node.data);
    else patchElement(old, node);
    old = old.nextSibling;
  }
  while (old) old = removed(old);
}

/** The next node that differs in its contents only. */
function alike(from, node) {
  let old = from;
  while (old && (old.nodeName !== node.nodeName || old.kind !== node.kind)) old = old.nextSibling;
  return old;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function patchElement(old, node) {
  for (const { name } of [...old.attributes]) if (!node.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of node.attributes) {
    if (old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    if (name === 'value') old.value = value;
  }
  old.events = node.events;
  patch(old, [...node.childNodes]);
}

function update(node, property, value) {
  if (node[property] !== value) node[property] = value;
}
