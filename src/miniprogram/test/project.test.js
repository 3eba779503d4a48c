'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')
const { execFileSync } = require('node:child_process')
const acorn = require('acorn')
const { FakeServer } = require('./support/fake-server')

const ROOT = path.join(__dirname, '..')
const ES5_FILES = ['app/third-session/index.js', 'wx/index.js']

const read = file => fs.readFileSync(path.join(ROOT, file), 'utf8')
const json = file => JSON.parse(read(file))

function filesBelow(folder) {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.posix.join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(file) : [file]
  })
}

for (const file of ES5_FILES) {
  test(`${file} is ES5`, () => {
    acorn.parse(read(file), { ecmaVersion: 5, sourceType: 'script' })
  })
}

test('library and shim need nothing but ES5, Promise and two timers', async () => {
  const server = new FakeServer()
  const context = vm.createContext({ setTimeout, clearTimeout })
  vm.runInContext(`
    ['assign', 'entries', 'values', 'fromEntries', 'is', 'setPrototypeOf'].forEach(function (n) { delete Object[n] });
    ['from', 'of'].forEach(function (n) { delete Array[n] });
    ['find', 'findIndex', 'includes', 'fill', 'flat', 'flatMap', 'at', 'entries', 'keys', 'values'].forEach(function (n) {
      delete Array.prototype[n] });
    ['includes', 'startsWith', 'endsWith', 'padStart', 'padEnd', 'repeat', 'matchAll', 'replaceAll', 'at', 'trimEnd'].forEach(
      function (n) { delete String.prototype[n] });
    ['isInteger', 'isFinite', 'isNaN', 'parseFloat'].forEach(function (n) { delete Number[n] });
    ['allSettled', 'any'].forEach(function (n) { delete Promise[n] });
    delete Promise.prototype.finally;
    ['Symbol', 'Map', 'Set', 'WeakMap', 'Proxy', 'Reflect', 'console', 'BigInt', 'URL'].forEach(function (n) {
      delete globalThis[n] });
  `, context)
  const load = file => {
    const module = { exports: {} }
    vm.runInContext(`(function (module, exports) { ${read(file)}\n})`, context)(module, module.exports)
    return module.exports
  }
  const wx = load('wx/index.js').createWx({ simulator: 'https://login.example', send: server.send })
  const session = load('app/third-session/index.js').create({ baseUrl: 'https://login.example', wx, device: true })
  await session.prepare()
  server.endAllSessions()
  assert.equal((await session.me()).userId, 'u-1')
  assert.equal((await session.sessions()).length, 1)
  await session.logout()
})

test('the library is one file: it requires nothing', () => {
  assert.doesNotMatch(read('app/third-session/index.js'), /\brequire\s*\(|\bimport\b/)
})

test('the library asks nothing of a renderer: WebView and Skyline are the same to it', () => {
  const source = read('app/third-session/index.js').replace(/\/\*[^]*?\*\/|\/\/.*/g, '')
  assert.doesNotMatch(source, /\b(?:document|window|createSelectorQuery|getCurrentPages|getApp|Page|Component)\b/)
})

test('the declarations agree with their use and with WeChat\'s own', () => {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--project', ROOT], { stdio: 'inherit' })
})

test('the declarations name what create returns, no more and no less', () => {
  const { create } = require('../app/third-session')
  const client = create({ baseUrl: 'https://h', wx: {} })
  const body = /export interface ThirdSession \{([^]*?)\n\}/.exec(read('app/third-session/index.d.ts'))[1]
  const declared = new Set([...body.matchAll(/^ {2}(\w+)[<(]/gm)].map(([, name]) => name))
  assert.deepEqual([...declared].sort(), Object.keys(client).sort())
})

test('a device is declared as the API\'s documentation shows it', () => {
  const [, shown] = /\{"sessions":\[(\{.*?\})\]\}/s.exec(read('../site/markdown/api.md'))
  const [, body] = /export interface Device \{([^]*?)\n\}/.exec(read('app/third-session/index.d.ts'))
  const declared = [...body.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)
  assert.deepEqual(declared.sort(), Object.keys(JSON.parse(shown)).sort())
})

test('the package can be built by DevTools as an npm package', () => {
  const { main, types, miniprogram, dependencies } = json('app/third-session/package.json')
  assert.equal(miniprogram, '.')
  assert.equal(dependencies, undefined)
  for (const file of [main, types]) assert.ok(fs.existsSync(path.join(ROOT, 'app/third-session', file)))
})

test('nothing that goes onto the phone has to do with secrets', () => {
  for (const file of filesBelow('app')) {
    assert.doesNotMatch(read(file), /session_?key|app_?secret|\bsecret\b/i, file)
  }
  assert.equal(json('project.config.json').appid, 'touristappid')
})

test('DevTools can open the project as it is', () => {
  const project = json('project.config.json')
  assert.equal(project.miniprogramRoot, 'app/')
  assert.equal(project.setting.urlCheck, false)
  assert.ok(fs.existsSync(path.join(ROOT, 'app/sitemap.json')))
  for (const page of json('app/app.json').pages) {
    for (const type of ['js', 'json', 'wxml']) assert.ok(fs.existsSync(path.join(ROOT, 'app', `${page}.${type}`)), page)
  }
})

test('what a page binds is there, and where it leads is a page', () => {
  const { pages } = json('app/app.json')
  for (const page of pages) {
    const wxml = read(`app/${page}.wxml`)
    let definition
    const scope = { Component: given => { definition = given }, require: () => new Proxy({}, { get: () => () => {} }) }
    vm.runInNewContext(read(`app/${page}.js`), scope)
    for (const [, handler] of wxml.matchAll(/\bbind\w+="(\w+)"/g)) {
      assert.equal(typeof definition.methods[handler], 'function', `${page}: ${handler}`)
    }
    for (const [, url] of wxml.matchAll(/<navigator[^>]*\burl="\/([^"]+)"/g)) assert.ok(pages.includes(url), url)
    for (const [, classes] of wxml.matchAll(/class="([^"]+)"/g)) assert.doesNotMatch(classes, /[A-Z]/)
  }
})

test('the arrow of a cell sets whatever WeChat\'s own button::after sets, or it would be elsewhere on a button', () => {
  const [, rule] = /\.cell_access::after \{([^}]*)\}/.exec(read('app/app.wxss'))
  const declared = [...rule.matchAll(/^\s*([a-z-]+):/gm)].map(([, property]) => property)
  const byWeChat = ['content', 'width', 'height', 'position', 'top', 'left', 'border', 'transform', 'transform-origin',
    'box-sizing', 'border-radius']
  assert.deepEqual(byWeChat.filter(property => !declared.includes(property)), [])
})

test('the lock file names no registry', () => {
  const lock = json('package-lock.json')
  for (const [name, entry] of Object.entries(lock.packages)) assert.equal(entry.resolved, undefined, name)
})
