'use strict'

const { createWx } = require('../../wx')
const { create } = require('../../app/third-session')
const { FakeServer } = require('./fake-server')
const { BASE, MemoryStorage } = require('./tools')

/**
 * A phone with the mini program on it, and a server of its own: the library over the real shim. `options` go to the
 * library, `host` and `wx` change what the phone does.
 */
function startPhone({ options = {}, host = {}, wx: changes = {} } = {}) {
  const server = new FakeServer()
  const phoneHost = { simulator: BASE, send: server.send, storage: new MemoryStorage(), ...host }
  const wx = createWx(phoneHost)
  const logins = { count: 0 }
  const login = wx.login
  wx.login = callbacks => {
    logins.count++
    return login(callbacks)
  }
  Object.assign(wx, changes)
  const launch = () => create({ baseUrl: BASE, wx, ...options })
  return { server, host: phoneHost, wx, logins, launch, session: launch() }
}

module.exports = { startPhone }
