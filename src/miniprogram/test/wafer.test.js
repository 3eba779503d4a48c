'use strict'

/*
 * The client SDKs of wafer, as they are on npm, against a real server with its simulator:
 *
 *     THIRD_SESSION_URL=http://localhost:8080 npm test
 */
const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { createWx } = require('../wx')
const { httpHost } = require('./support/http-host')
const { MemoryStorage } = require('./support/tools')

const SERVER = (process.env.THIRD_SESSION_URL || '').replace(/\/+$/, '')
const skip = SERVER ? false : 'THIRD_SESSION_URL is not set'

const STORED = 'weapp_session_F2C224D4-2BCE-4C64-AF9F-A6D872000D1A'
const USER_URL = `${SERVER}/weapp/user`

/** A phone of its own user; the SDKs know it as the global `wx`, already when they are loaded. */
function startPhone(name) {
  const openId = `owafer${name}${Date.now().toString(36)}`
  const wx = createWx(httpHost(SERVER, {
    openId,
    storage: new MemoryStorage(),
    userInfo: { nickName: '老王 +%😀', avatarUrl: '', gender: 1, province: '', city: '广州', country: '', language: 'zh_CN' },
  }))
  for (const event of ['onSocketOpen', 'onSocketClose', 'onSocketMessage', 'onSocketError']) wx[event] = () => {}
  const logins = { count: 0 }
  const login = wx.login
  wx.login = options => {
    logins.count++
    return login(options)
  }
  global.wx = wx
  return { wx, openId, logins, stored: () => wx.getStorageSync(STORED) }
}

/** A call of an SDK as a promise. */
function call(api, options = {}) {
  return new Promise((resolve, reject) => api({ ...options, success: resolve, fail: reject }))
}

const failure = promise => promise.then(() => { throw new Error('was expected to fail') }, error => error)

const ask = (wx, options) => call(wx.request, { ...options, url: SERVER + options.url })

/** As "end this session" on another device. */
async function endSession({ wx, stored }) {
  const answer = await ask(wx, { url: '/api/session', method: 'DELETE', header: { Authorization: `Bearer ${stored().skey}` } })
  assert.equal(answer.statusCode, 204)
}

async function block({ wx, openId }) {
  const answer = await ask(wx, { url: '/sim/block', method: 'POST', data: { openid: openId } })
  assert.equal(answer.statusCode, 200)
}

describe('wafer-client-sdk', { skip }, () => {
  const load = phone => {
    const sdk = require('wafer-client-sdk')
    sdk.setLoginUrl(`${SERVER}/weapp/login`)
    sdk.clearSession()
    return { sdk, phone, user: options => call(sdk.request, { url: USER_URL, ...options }) }
  }

  test('logs in, and keeps id and skey', async () => {
    const { sdk, phone } = load(startPhone('A'))
    const userInfo = await call(sdk.login)
    assert.equal(userInfo.nickName, '老王 +%😀')
    assert.deepEqual(Object.keys(phone.stored()), ['id', 'skey', 'userInfo'])
  })

  test('asks with its session, and logs in before that if told to', async () => {
    const { phone, user } = load(startPhone('B'))
    const answer = await user({ login: true })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.data.data.userInfo.nickName, '老王 +%😀')
    assert.equal(answer.data.data.userInfo.openId, phone.openId)
    assert.equal((await user({ login: true })).data.code, 0)
    assert.equal(phone.logins.count, 1)
  })

  for (const login of [true, false]) {
    test(`notices that its session has ended, logs in and repeats the request (login: ${login})`, async () => {
      const { phone, user } = load(startPhone(`C${login}`))
      await user({ login: true })
      const before = phone.stored().skey
      await endSession(phone)

      const answer = await user({ login })

      assert.equal(answer.statusCode, 200)
      assert.equal(answer.data.data.userInfo.openId, phone.openId)
      assert.notEqual(phone.stored().skey, before)
      assert.equal(phone.logins.count, 2)
    })
  }

  test('without a session the first request logs in', async () => {
    const { phone, user } = load(startPhone('D'))
    assert.equal((await user({})).data.code, 0)
    assert.equal(phone.logins.count, 1)
  })

  test('is told when a login is refused, and repeats nothing', async () => {
    const { sdk, phone, user } = load(startPhone('E'))
    await block(phone)
    const error = await failure(call(sdk.login))
    assert.equal(error.type, sdk.ERR_LOGIN_SESSION_NOT_RECEIVED)
    assert.match(error.message, /ERR_LOGIN_FAILED.+微信/)
    assert.equal((await failure(user({}))).type, sdk.ERR_LOGIN_SESSION_NOT_RECEIVED)
    assert.equal(phone.logins.count, 2)
  })
})

describe('wafer2-client-sdk', { skip }, () => {
  const load = phone => {
    const sdk = require('wafer2-client-sdk')
    sdk.setLoginUrl(`${SERVER}/weapp/login`)
    sdk.clearSession()
    return { sdk, phone, user: options => call(sdk.request, { url: USER_URL, ...options }) }
  }

  test('logs in with the user info, and keeps the skey', async () => {
    const { sdk, phone } = load(startPhone('F'))
    const userInfo = await call(sdk.login)
    assert.equal(userInfo.nickName, '老王 +%😀', 'what the server has taken over')
    assert.deepEqual(Object.keys(phone.stored()), ['userinfo', 'skey', 'time'])
  })

  test('logs in with the code alone', async () => {
    const { sdk, phone } = load(startPhone('G'))
    await call(sdk.login)
    const first = phone.stored().skey
    const userInfo = await call(sdk.loginWithCode)
    assert.equal(userInfo.nickName, '老王 +%😀', 'the server remembers')
    assert.notEqual(phone.stored().skey, first)
  })

  test('asks with its session', async () => {
    const { sdk, phone, user } = load(startPhone('H'))
    await call(sdk.login)
    const answer = await user({})
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.data.data.nickName, '老王 +%😀')
    assert.equal(answer.data.data.openId, phone.openId)
    assert.equal(phone.logins.count, 1)
  })

  for (const login of [true, false]) {
    test(`notices that its session has ended, logs in and repeats the request (login: ${login})`, async () => {
      const { sdk, phone, user } = load(startPhone(`I${login}`))
      await call(sdk.login)
      const before = phone.stored().skey
      await endSession(phone)

      const answer = await user({ login })

      assert.equal(answer.statusCode, 200)
      assert.equal(answer.data.data.openId, phone.openId)
      assert.notEqual(phone.stored().skey, before)
      assert.equal(phone.logins.count, 2)
    })
  }

  test('ten requests that each log in first are all answered', async () => {
    const { phone, user } = load(startPhone('J'))
    const answers = await Promise.all(Array.from({ length: 10 }, () => user({ login: true })))
    for (const answer of answers) assert.equal(answer.data.data.openId, phone.openId)
    assert.equal(phone.logins.count, 10, 'no session was ended by the login beside it')
  })

  test('is told when a login is refused, and repeats nothing', async () => {
    const { sdk, phone, user } = load(startPhone('K'))
    await block(phone)
    assert.match((await failure(call(sdk.login))).message, /ERR_LOGIN_FAILED/)
    assert.match((await failure(user({}))).message, /login\(\)/)
    assert.equal(phone.logins.count, 2)
  })
})
