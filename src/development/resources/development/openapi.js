// openapi.json as a page to read: what Postman shows, without Postman.

import { both, byId, el, onLanguage } from '/dev/dom.js';
import { startLanguage } from '/dev/language.js';

const METHODS = ['get', 'put', 'post', 'delete'];
let file;

/** Follows references; what stands beside one counts before what it names. */
function follow(node) {
  if (!node?.$ref) return node;
  const names = node.$ref.slice(2).split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const { $ref, ...beside } = node;
  return { ...follow(names.reduce((found, name) => found[name], file)), ...beside };
}

/** A description: code spans are the only markup in the file. */
const prose = (text = '') => text.split('`').map((part, index) => (index % 2 ? el('code', {}, part) : part));

function kind(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf && !schema.properties) return schema.anyOf.map((part) => kind(follow(part))).join(' | ');
  if (schema.type === 'array') return `[${kind(follow(schema.items))}]`;
  const limits = [
    schema.pattern, schema.format,
    schema.minLength && `≥ ${schema.minLength}`, schema.maxLength && `≤ ${schema.maxLength}`,
    schema.minItems && `≥ ${schema.minItems}`, schema.maxItems && `≤ ${schema.maxItems}`,
  ];
  return [[schema.type ?? 'any'].flat().join(' | '), ...limits.filter(Boolean)].join('  ');
}

const row = (name, needed, schema, text) => el('tr', {},
  el('td', {}, el('code', {}, name), needed && el('b', { title: 'required' }, ' *')),
  el('td', {}, kind(schema)),
  el('td', {}, prose(text ?? schema.description)));

/** One row a field; those of objects inside follow, under their whole path. */
function rows(schema, prefix = '') {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const followed = follow(field);
    const inner = (followed.anyOf ?? []).map(follow).find((part) => part.properties) ?? followed;
    const deeper = inner.type === 'array' ? rows(follow(inner.items), `${prefix}${name}[].`) : rows(inner, `${prefix}${name}.`);
    return [row(prefix + name, schema.required?.includes(name), followed), ...deeper];
  });
  const parts = schema.properties ? [] : (schema.oneOf ?? []);
  return [...own, ...parts.flatMap((part) => rows(follow(part), prefix))];
}

const table = (lines) => lines.length > 0 && el('div', { class: 'wide', tabindex: 0 }, el('table', {}, lines));
const code = (value) => el('pre', { tabindex: 0 }, JSON.stringify(value, null, 2));

function contents(content = {}) {
  return Object.entries(content).filter(([type], index) => index === 0 || type !== '*/*').map(([type, media]) => [
    el('p', {}, el('code', {}, type)),
    table(rows(follow(media.schema))),
    media.example !== undefined && code(media.example),
    Object.values(media.examples ?? {}).map(follow).map((example) => el('p', {}, el('code', {}, example.value.error), ' ', prose(example.summary))),
  ]);
}

function responseOf(status, response) {
  const isError = response.content?.['application/json']?.examples;
  const media = isError ? { 'application/json': { schema: {}, examples: isError } } : response.content;
  return [el('h3', {}, `${status} `, prose(response.description)), contents(media)];
}

function operationOf(path, method, operation, shared) {
  const parameters = [...(shared ?? []), ...(operation.parameters ?? [])].map(follow);
  const body = follow(operation.requestBody);
  const needs = operation.security.flatMap((one) => Object.entries(one)).map(([name, scopes]) => [name, ...scopes].join(': '));
  return el('details', { id: operation.operationId },
    el('summary', {}, el('code', { class: `method ${method}` }, method.toUpperCase()), el('code', {}, path), el('span', {}, prose(operation.summary))),
    el('div', { class: 'content' },
      el('p', {}, prose(operation.description)),
      needs.length > 0 && el('p', {}, both('身份：', 'Needs: '), el('code', {}, needs.join(', '))),
      parameters.length > 0 && el('h3', {}, both('参数', 'Parameters')),
      table(parameters.map((its) => row(`${its.in}: ${its.name}`, its.required, follow(its.schema), its.description))),
      body && [el('h3', {}, both('请求体', 'Request body')), contents(body.content)],
      Object.entries(operation.responses).map(([status, response]) => responseOf(status, follow(response)))));
}

function sectionOf(tag) {
  const operations = Object.entries(file.paths).flatMap(([path, item]) => METHODS
    .filter((method) => item[method]?.tags.includes(tag.name))
    .map((method) => operationOf(path, method, item[method], item.parameters)));
  return el('section', {}, el('h2', {}, tag.name), el('p', {}, prose(tag.description)), operations);
}

async function start() {
  startLanguage();
  try {
    file = await (await fetch('/openapi.json')).json();
    byId('calls').append(el('p', {}, prose(file.info.description)), ...file.tags.map(sectionOf));
  } catch (e) {
    byId('failed').hidden = false;
    throw e;
  }
}

onLanguage(() => { document.title = 'openapi.json · Third Session'; });
start();
