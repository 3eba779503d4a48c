'use strict'

const path = require('node:path')
const { JSDOM } = require('jsdom')
const { startPhone } = require('./phone')

const APP = path.join(__dirname, '../../app')

// WeChat's simulator of components expects the globals of a browser, and finds them only when it is loaded.
const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>')
for (const name of ['document', 'Element', 'Event', 'CustomEvent', 'TouchEvent', 'HTMLElement', 'Node']) {
  global[name] = window[name]
}
global.window = window
const simulate = require('miniprogram-simulate')

/** Starts the sample on a phone. `config` changes app/config.js. */
function startApp({ config = {}, ...setup } = {}) {
  forgetModules()
  Object.assign(require(path.join(APP, 'config.js')), { baseUrl: 'https://login.example', ...config })
  const ui = []
  const phone = startPhone({
    ...setup,
    host: {
      deviceInfo: { brand: 'Apple', model: 'iPhone 15', system: 'iOS 17.1' },
      ui: (name, options) => {
        ui.push([name, options])
        return phone.choices[name]
      },
      ...setup.host,
    },
  })
  phone.choices = {} // what the user does: {showModal: {confirm: false}}
  phone.ui = ui
  phone.told = name => ui.filter(([called]) => called === name).map(([, options]) => options)
  global.wx = phone.wx
  phone.launchApp = () => {
    global.App = app => app.onLaunch()
    require(path.join(APP, 'app.js'))
  }
  phone.session = require(path.join(APP, 'session.js'))
  phone.open = name => openPage(name)
  return phone
}

/** Each start is a new launch: nothing stays in memory, and the global wx is read anew. */
function forgetModules() {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(APP + path.sep)) delete require.cache[file]
  }
}

function openPage(name) {
  const id = simulate.load(path.join(APP, 'pages', name, name), { rootPath: APP })
  const page = simulate.render(id)
  page.attach(document.createElement('div'))
  return {
    page,
    data: () => page.data,
    call: (method, event) => page.instance[method](event),
    /** The text of the first element of a class, or null if it is not on the screen. */
    text: selector => {
      const element = page.querySelector(selector)
      return element ? element.dom.textContent.trim() : null
    },
    attribute: (selector, attribute) => {
      const node = page.querySelector(selector).toJSON()
      return node.attrs.find(({ name }) => name === attribute)?.value
    },
    all: selector => page.querySelectorAll(selector),
    fire: (selector, event, detail = {}) => page.querySelector(selector).dispatchEvent(event, { detail }),
  }
}

module.exports = { startApp }
