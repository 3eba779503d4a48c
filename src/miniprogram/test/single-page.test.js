'use strict'

// Moments' single page, scene 1154: WeChat has no wx.login there, and shows a toast for what it has disabled.

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf } = require('./support/tools')

function startSinglePage(host = {}) {
  const shown = []
  const phone = startPhone({ host: { scene: 1154, ui: name => { shown.push(name) }, ...host } })
  return { ...phone, shown }
}

const file = (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1]) })

test('prepare does nothing in the single page, and succeeds', async () => {
  const { session, server, logins, shown } = startSinglePage()
  assert.equal(await session.prepare(), undefined)
  assert.equal(server.requests.length, 0)
  assert.equal(logins.count, 0)
  assert.deepEqual(shown, [])
})

test('a request for what is for everybody goes out without a token', async () => {
  const { session, server, logins, shown } = startSinglePage()
  server.answerNext('/api/public', { status: 200, headers: {}, body: '{"open":true}' })
  const { data } = await session.request({ url: '/api/public' })
  assert.deepEqual(data, { open: true })
  assert.ok(!Object.keys(server.last('/api/public').headers).some(name => name.toLowerCase() === 'authorization'))
  assert.equal(logins.count, 0)
  assert.deepEqual(shown, [])
})

test('a request that the server wants a login for fails as single_page, with the answer, and is not repeated', async () => {
  const { session, server, logins } = startSinglePage()
  const error = await failureOf(session.request({ url: '/api/echo' }))
  assert.equal(error.code, 'single_page')
  assert.equal(error.status, 401)
  assert.equal(error.relogin, false)
  assert.equal(error.retryable, false)
  assert.equal(server.count('GET', '/api/echo'), 1)
  assert.equal(logins.count, 0)
})

test('another error of the server stays what it is in the single page', async () => {
  const { session, server } = startSinglePage()
  server.answerNext('/api/public', { status: 404, headers: {}, body: '{"error":"not_found","message":"m"}' })
  assert.equal((await failureOf(session.request({ url: '/api/public' }))).code, 'not_found')
})

const NEED_A_LOGIN = {
  login: session => session.login(),
  thirdSession: session => session.thirdSession(),
  me: session => session.me(),
  updateProfile: session => session.updateProfile({ nickName: 'n' }),
  uploadAvatar: session => session.uploadAvatar('wxfile://a.jpg'),
  bindPhone: session => session.bindPhone({ detail: { errMsg: 'getPhoneNumber:ok', code: 'c' } }),
  unbindPhone: session => session.unbindPhone(),
  requirePrivacy: session => session.requirePrivacy(),
  sessions: session => session.sessions(),
  endSession: session => session.endSession('s'),
  endOtherSessions: session => session.endOtherSessions(),
  endAllSessions: session => session.endAllSessions(),
  erase: session => session.erase(),
}

for (const [name, call] of Object.entries(NEED_A_LOGIN)) {
  test(`${name} fails as single_page there, asks nobody and shows nothing`, async () => {
    const { session, server, logins, shown } = startSinglePage({ readFile: file, privacyNeeded: true })
    const error = await failureOf(call(session))
    assert.equal(error.code, 'single_page')
    assert.equal(error.message, '请前往小程序使用完整服务')
    assert.equal(server.requests.length, 0)
    assert.equal(logins.count, 0)
    assert.deepEqual(shown, [])
  })
}

test('checkSession knows of no session in the single page', async () => {
  const { session, server } = startSinglePage()
  assert.equal(await session.checkSession(), null)
  assert.equal(server.requests.length, 0)
})

test('the state says that it is the single page', () => {
  assert.equal(startSinglePage().session.state().singlePage, true)
  assert.equal(startPhone().session.state().singlePage, false)
})

test('the place is asked for at each call: after the way to the mini program it logs in', async () => {
  const { session, host, logins } = startSinglePage()
  await session.prepare()
  host.scene = 1155
  assert.equal((await session.me()).userId, 'u-1')
  assert.equal(logins.count, 1)
})

test('a session of the full mini program is not sent from the single page, and outlives it', async () => {
  const { session, host, server, logins } = startPhone()
  await session.login()
  host.scene = 1154
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'single_page')
  assert.equal(await session.checkSession(), null)
  host.scene = 1001
  await session.request({ url: '/api/echo' })
  assert.equal(server.count('POST', '/api/login'), 1)
  assert.equal(logins.count, 1)
})

test('the category of the API alone will do, and so will the launch on an old base library', async () => {
  const places = [
    { getEnterOptionsSync: () => ({ scene: 1001, apiCategory: 'browseOnly' }) },
    { getEnterOptionsSync: undefined, getLaunchOptionsSync: () => ({ scene: 1154 }) },
  ]
  for (const wx of places) assert.equal(startPhone({ wx }).session.state().singlePage, true)
})

test('where nobody can say from where it was opened, it is the full mini program', async () => {
  const places = [
    { getEnterOptionsSync: undefined, getLaunchOptionsSync: undefined },
    { getEnterOptionsSync: () => undefined },
    { getEnterOptionsSync: () => { throw new Error('not here') } },
  ]
  for (const wx of places) {
    const { session } = startPhone({ wx })
    assert.equal(session.state().singlePage, false)
    assert.equal((await session.me()).userId, 'u-1')
  }
})

test('an interrupted request is known by its errno alone', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.wx.request = options => setImmediate(options.fail, { errMsg: 'request:fail', errno: 600003 })
  assert.equal((await failureOf(phone.session.me())).reason, 'interrupted')
})

test('the simulator of wx: what is disabled in the single page fails and shows WeChat\'s toast', async () => {
  const { wx, shown } = startSinglePage()
  for (const name of ['login', 'navigateTo']) {
    const { errMsg } = await new Promise(fail => { wx[name]({ fail }) })
    assert.match(errMsg, new RegExp(`^${name}:fail`))
  }
  assert.deepEqual(shown, ['showToast', 'showToast'])
})

test('the simulator of wx: the single page has a storage of its own', () => {
  const { wx, host } = startPhone()
  wx.setStorageSync('k', 'full')
  host.scene = 1154
  assert.equal(wx.getStorageSync('k'), '')
  wx.setStorageSync('k', 'single')
  host.scene = 1001
  assert.equal(wx.getStorageSync('k'), 'full')
})
