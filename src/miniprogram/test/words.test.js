'use strict'

// The development page runs the sample in English, too: by looking up each of its Chinese texts.

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const acorn = require('acorn')

const APP = path.join(__dirname, '../app')
const PAGE = path.join(__dirname, '../../development/resources/development')
const HAN = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/

const words = import(`data:text/javascript,${encodeURIComponent(fs.readFileSync(path.join(PAGE, 'words.js'), 'utf8'))}`)

function filesBelow(folder, type) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(file, type) : entry.name.endsWith(type) ? [file] : []
  })
}

/** The Chinese string literals of a module; those of `only` calls, if that is given. */
function literals(file, only) {
  const found = []
  visit(acorn.parse(fs.readFileSync(file, 'utf8'), { ecmaVersion: 'latest', sourceType: only ? 'module' : 'script' }))
  return found

  function visit(node) {
    if (!node || typeof node !== 'object') return
    if (only && node.type === 'CallExpression' && node.callee.name === only) collect(node.arguments)
    else if (!only) collect([node])
    Object.values(node).forEach(child => [].concat(child).forEach(visit))
  }
  function collect(nodes) {
    for (const node of nodes) {
      if (node?.type === 'Literal' && HAN.test(node.value)) found.push(node.value)
      if (node?.type === 'TemplateElement' && HAN.test(node.value.cooked)) found.push(node.value.cooked)
      if (node?.type === 'AssignmentPattern' || node?.type === 'LogicalExpression') collect([node.right])
    }
  }
}

/** The Chinese texts of a page: between its tags, in its attributes, and as values in its expressions. */
function texts(file) {
  const wxml = fs.readFileSync(file, 'utf8')
  const between = [...wxml.matchAll(/>([^<]+)</g)].map(([, text]) => text)
  const attributes = [...wxml.matchAll(/="([^"]*)"/g)].map(([, text]) => text)
  const parts = [...between, ...attributes].flatMap(text => text.split(/\{\{(.*?)\}\}/s).flatMap((part, index) => (
    index % 2 ? [...part.matchAll(/'([^']*)'/g)].map(([, value]) => value) : [part.trim()])))
  return parts.filter(part => HAN.test(part))
}

function titles(file) {
  const { navigationBarTitleText, window } = JSON.parse(fs.readFileSync(file, 'utf8'))
  return [navigationBarTitleText, window?.navigationBarTitleText].filter(text => HAN.test(text ?? ''))
}

const sources = [
  ...filesBelow(APP, '.wxml').map(file => [file, texts(file)]),
  ...filesBelow(APP, '.json').filter(file => !file.endsWith('package.json')).map(file => [file, titles(file)]),
  ...filesBelow(APP, '.js').map(file => [file, literals(file)]),
  [path.join(PAGE, 'phone.js'), [...literals(path.join(PAGE, 'phone.js'), 'say'), '好', '取消']],
]

test('each Chinese text of the sample has its English', async () => {
  const { english } = await words
  const missing = sources.flatMap(([file, found]) => found.filter(text => HAN.test(english(text)))
    .map(text => `${path.basename(file)}: ${text}`))
  assert.deepEqual(missing, [])
})

test('the texts are found where they stand', () => {
  const found = name => sources.find(([file]) => file.endsWith(name))[1]
  assert.ok(found('user.wxml').includes('未设置昵称'))
  assert.ok(found('user.wxml').includes('服务器：'))
  assert.ok(found('profile.wxml').includes('请输入昵称'))
  assert.ok(found('devices.json').includes('登录设备'))
  assert.ok(found('simulator.js').includes('拒绝'))
  assert.ok(found('third-session/index.js').includes('网络不通，请稍后再试'))
})

test('no English is kept for a text that is gone', async () => {
  const { english, KNOWN } = await words
  const used = new Set(sources.flatMap(([, found]) => found))
  assert.deepEqual(KNOWN.filter(text => !used.has(text)), [])
  assert.equal(english('no text of the sample'), 'no text of the sample')
})

test('what the page draws around the sample has class names of its own', () => {
  const source = fs.readFileSync(path.join(PAGE, 'phone.js'), 'utf8').replaceAll("''", '')
  const own = [...source.matchAll(/class: [^,}]*?'([^']+)'/g)]
    .flatMap(([, names]) => names.split(' '))
  assert.ok(own.length > 10)
  assert.deepEqual(own.filter(name => !name.startsWith('wx-')), [])
  for (const file of filesBelow(APP, '.wxml')) {
    assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /class="[^"]*\bwx-/, file)
  }
})
