'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { BASE, failureOf, many, settle } = require('./support/tools')

test('login answers the user, and whether he is new', async () => {
  const { session, server } = startPhone()
  assert.deepEqual(await session.login(), { newUser: true, user: server.user, expiresIn: 604799 })
  assert.equal((await session.login()).newUser, false)
})

test('login sends the code and nothing that was not asked for', async () => {
  const { session, server } = startPhone()
  await session.login()
  assert.deepEqual(server.last('/api/login').json, { code: 'code-1' })
  assert.equal(server.last('/api/login').token, undefined)
})

test('login sends appId, the device and a phone code when told to', async () => {
  const { session, server } = startPhone({
    options: { appId: 'wx1', device: true },
    host: { deviceInfo: { brand: 'Apple', model: 'iPhone 😀', system: 'iOS 17.1', platform: 'ios' } },
  })
  await session.login({ phoneCode: 'phone-1' })
  assert.deepEqual(server.last('/api/login').json, {
    code: 'code-1',
    appId: 'wx1',
    device: {
      brand: 'Apple', model: 'iPhone 😀', system: 'iOS 17.1', platform: 'ios',
      version: '8.0.50', SDKVersion: '3.5.0',
    },
    phoneCode: 'phone-1',
  })
})

test('the device may be values of the app itself, or a function', async () => {
  const first = startPhone({ options: { device: { model: 'scale 3' } } })
  await first.session.login()
  assert.deepEqual(first.server.last('/api/login').json.device, { model: 'scale 3' })

  const second = startPhone({ options: { device: () => ({ shop: 12 }) } })
  await second.session.login()
  assert.deepEqual(second.server.last('/api/login').json.device, { shop: 12 })
})

test('a device that cannot be read keeps nobody from logging in', async () => {
  const { session, server } = startPhone({
    options: { device: true },
    wx: { getDeviceInfo() { throw new Error('not here') } },
  })
  await session.login()
  assert.deepEqual(server.last('/api/login').json.device, {})
})

test('a device that is no plain object is not sent', async () => {
  for (const device of [null, undefined, 'iPhone', 7, true, ['iPhone'], new Date(), Promise.resolve({})]) {
    const { session, server } = startPhone({ options: { device: () => device } })
    await session.login()
    assert.deepEqual(server.last('/api/login').json, { code: 'code-1' }, String(device))
  }
  const { session, server } = startPhone({ options: { device: 'iPhone' } })
  await session.login()
  assert.deepEqual(server.last('/api/login').json, { code: 'code-1' })
})

test('of what wx itself says of the device, what does not fit is left out before it is sent', async () => {
  const info = {
    abi: 'arm64-v8a', brand: 'HUAWEI', model: 'x'.repeat(63) + '😀' + 'y', benchmarkLevel: 30, memorySize: 11543,
    safeArea: { top: 44 }, list: [1], none: null, missing: undefined, call() {}, odd: NaN, endless: Infinity,
    'two words': 'x', 名: 'x', ['n'.repeat(33)]: 'x', broken: 'a\ud83d', bluetoothEnabled: true,
  }
  const { session, server } = startPhone({ options: { device: () => info } })
  await session.login()
  assert.deepEqual(server.last('/api/login').json.device, {
    abi: 'arm64-v8a', brand: 'HUAWEI', model: 'x'.repeat(63) + '😀', benchmarkLevel: 30, memorySize: 11543,
    broken: 'a', bluetoothEnabled: true,
  })
})

test('of too many device values those that are shown come first, and 32 are sent', async () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`field${i}`, i]))
  const { session, server } = startPhone({ options: { device: { ...many, system: 'iOS 17.1', model: 'iPhone' } } })
  await session.login()
  const { device } = server.last('/api/login').json
  assert.equal(Object.keys(device).length, 32)
  assert.equal(device.model, 'iPhone')
  assert.equal(device.system, 'iOS 17.1')
  assert.equal(device.field0, 0)
})

test('a device whose values cannot be read keeps nobody from logging in', async () => {
  const { session, server } = startPhone({ options: { device: { get model() { throw new Error('not here') } } } })
  await session.login()
  assert.deepEqual(server.last('/api/login').json.device, {})
})

test('a phone code that is no text is not sent', async () => {
  const { session, server } = startPhone()
  await session.login({ phoneCode: { detail: {} } })
  assert.deepEqual(server.last('/api/login').json, { code: 'code-1' })
})

test('on a base library without getDeviceInfo the device comes from getSystemInfoSync', async () => {
  const { session, server } = startPhone({
    options: { device: true },
    wx: { getDeviceInfo: undefined, getAppBaseInfo: undefined, getSystemInfoSync: () => ({ model: 'old', pixelRatio: 2 }) },
  })
  await session.login()
  assert.deepEqual(server.last('/api/login').json.device, { model: 'old' })
})

test('the old token goes with the next login and ends there: launches leave no session behind', async () => {
  const phone = startPhone()
  await phone.session.login()
  for (let launch = 0; launch < 3; launch++) await phone.launch().login()

  assert.equal(phone.server.last('/api/login').token, '3rd_3')
  assert.deepEqual([...phone.server.sessions.keys()], ['3rd_4'])
})

test('a phone that refuses the phone part of a login is logged in all the same, and says so', async () => {
  const { session } = startPhone()
  const answer = await session.login({ phoneCode: 'spent' })
  assert.equal(answer.phoneError, 'phone_code_invalid')
  assert.equal(session.state().loggedIn, true)
})

test('twenty logins at once are one', async () => {
  const { session, logins, server } = startPhone()
  const answers = await many(20, () => session.login())
  assert.equal(logins.count, 1)
  assert.equal(server.count('POST', '/api/login'), 1)
  assert.ok(answers.every(answer => answer.newUser))
})

test('twenty requests at launch cause one wx.login; after the server ends the session, one more', async () => {
  const { session, logins, server } = startPhone()
  await many(20, i => session.request({ url: `/api/echo/${i}` }))
  assert.equal(logins.count, 1)
  assert.equal(server.count('POST', '/api/login'), 1)

  server.endAllSessions()
  await many(20, i => session.request({ url: `/api/echo/${i}` }))
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/login'), 2)
})

test('each login has a code of its own', async () => {
  const { session, server } = startPhone()
  await session.login()
  await session.login()
  const codes = server.requests.filter(request => request.path === '/api/login').map(request => request.json.code)
  assert.deepEqual(codes, ['code-1', 'code-2'])
})

test('a phone code is not lost when another login is under way', async () => {
  const { session, server, logins } = startPhone()
  server.phoneCodes.add('phone-1')
  const [, second] = await Promise.all([session.login(), session.login({ phoneCode: 'phone-1' })])
  assert.equal(second.phoneError, undefined)
  assert.equal(logins.count, 2)
  assert.equal(server.last('/api/login').json.phoneCode, 'phone-1')
})

test('wx.login failing is wx_login_failed, with what WeChat says', async () => {
  const { session } = startPhone({
    wx: { login: ({ fail }) => setImmediate(() => fail({ errMsg: 'login:fail blocked', errno: 1402101 })) },
  })
  const error = await failureOf(session.login())
  assert.ok(error instanceof Error)
  assert.equal(error.code, 'wx_login_failed')
  assert.equal(error.errno, 1402101)
  assert.equal(error.errMsg, 'login:fail blocked')
  assert.equal(error.message, '微信登录失败，请稍后再试')
  const { status, relogin, retryable, tapAgain } = error
  assert.deepEqual({ status, relogin, retryable, tapAgain }, { status: 0, relogin: false, retryable: true, tapAgain: false })
})

test('wx.login succeeding without a code is wx_login_failed', async () => {
  const { session, server } = startPhone({ wx: { login: ({ success }) => setImmediate(success, { errMsg: 'login:ok' }) } })
  assert.equal((await failureOf(session.login())).code, 'wx_login_failed')
  assert.equal(server.requests.length, 0)
})

test('wx.login throwing is wx_login_failed', async () => {
  const { session } = startPhone({ wx: { login() { throw new Error('no such call') } } })
  const error = await failureOf(session.login())
  assert.equal(error.code, 'wx_login_failed')
  assert.equal(error.errMsg, 'login:fail no such call')
})

test('wx.login never calling back does not hold everybody for ever', async () => {
  const { session } = startPhone({ options: { timeout: 20 }, wx: { login() {} } })
  const failures = await many(3, () => failureOf(session.request({ url: '/api/echo' })))
  assert.deepEqual(failures.map(error => error.code), Array(3).fill('wx_login_failed'))
})

test('after a failed login the next one begins anew', async () => {
  const { session, server } = startPhone()
  server.answerNext('/api/login', new Error('connection reset'))
  assert.equal((await failureOf(session.login())).code, 'network')
  await session.login()
  assert.equal(session.state().loggedIn, true)
})

test('a refused login is the server\'s error, field by field', async () => {
  const { session, server } = startPhone()
  server.answerNext('/api/login', {
    status: 429,
    headers: { 'retry-after': '60' },
    body: '{"error":"rate_limited","message":"太频繁","relogin":false,"retryable":true,"retryAfter":60,"requestId":"r1"}',
  })
  const error = await failureOf(session.login())
  assert.equal(error.name, 'ThirdSessionError')
  assert.equal(error.message, '太频繁')
  assert.equal(error.code, 'rate_limited')
  assert.equal(error.status, 429)
  assert.equal(error.retryable, true)
  assert.equal(error.relogin, false)
  assert.equal(error.tapAgain, false)
  assert.equal(error.retryAfter, 60)
  assert.equal(error.requestId, 'r1')
})

test('nothing is repeated by itself, however retryable', async () => {
  const { session, server, logins } = startPhone()
  server.answerNext('/api/login', {
    status: 503, headers: {}, body: '{"error":"wechat_unreachable","message":"m","relogin":false,"retryable":true}',
  })
  assert.equal((await failureOf(session.login())).retryable, true)
  await settle()
  assert.equal(logins.count, 1)
  assert.equal(server.count('POST', '/api/login'), 1)
})

test('requests that wait for a login fail with it, after one wx.login', async () => {
  const { session, server, logins } = startPhone()
  server.answerNext('/api/login', { status: 503, headers: {}, body: '{"error":"overloaded","message":"m","retryable":true}' })
  const failures = await many(20, () => failureOf(session.request({ url: '/api/echo' })))
  assert.ok(failures.every(error => error.code === 'overloaded'))
  assert.equal(logins.count, 1)
})

test('an answer without a token is bad_answer', async () => {
  for (const body of ['{}', '{"thirdSession":""}', '{"thirdSession":7}', '{"thirdSession":"3rd_\\r\\nX: y"}', '[]', 'null']) {
    const { session, server } = startPhone()
    server.answerNext('/api/login', { status: 200, headers: {}, body })
    assert.equal((await failureOf(session.login())).code, 'bad_answer', body)
    assert.equal(session.state().loggedIn, false)
  }
})

test('prepare logs in if there is no session', async () => {
  const { session, logins } = startPhone()
  assert.equal(await session.prepare(), undefined)
  assert.equal(logins.count, 1)
})

test('prepare with a live session and a live key asks and leaves all as it is', async () => {
  const { session, logins, server } = startPhone()
  await session.login()
  await session.prepare()
  assert.equal(logins.count, 1)
  assert.equal(server.count('GET', '/api/session'), 1)
})

test('prepare logs in if the server has ended the session', async () => {
  const { session, logins, server } = startPhone()
  await session.login()
  server.endAllSessions()
  await session.prepare()
  assert.equal(logins.count, 2)
  assert.equal(server.sessions.size, 1)
})

test('prepare at a launch asks about the session of the launch before', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.server.endAllSessions()
  await phone.launch().prepare()
  assert.equal(phone.logins.count, 2)
})

test('prepare logs in if WeChat has dropped the key, before anybody taps', async () => {
  const { session, logins, wx } = startPhone()
  await session.login()
  wx.checkSession = ({ fail }) => setImmediate(fail, { errMsg: 'checkSession:fail session time out' })
  await session.prepare()
  assert.equal(logins.count, 2)
})

test('prepare at launch and at the first page is one', async () => {
  const { session, logins, server } = startPhone()
  await many(3, () => session.prepare())
  await many(3, () => session.prepare())
  assert.equal(logins.count, 1)
  assert.equal(server.count('GET', '/api/session'), 1)
})

test('prepare waits for a login that is under way, though there is a session', async () => {
  const { session, server } = startPhone()
  await session.login()
  const release = server.hold('/api/login')
  const login = session.login()
  let over = false
  const prepare = session.prepare().then(() => { over = true })
  await settle()
  assert.equal(over, false)
  release()
  await Promise.all([login, prepare])
})

test('prepare does not wait for ever for wx.checkSession', async () => {
  const { session, wx, logins } = startPhone({ options: { timeout: 20 } })
  await session.login()
  wx.checkSession = () => {}
  await session.prepare()
  assert.equal(logins.count, 2)
})

/** A launch whose stored session is dead: prepare and twenty requests at once. */
async function launchedWithDeadSession(options = {}) {
  const phone = startPhone({ options })
  await phone.session.login()
  phone.server.endAllSessions()
  const session = phone.launch()
  return { ...phone, session, requests: () => many(20, i => session.request({ url: `/api/echo/${i}` })) }
}

test('prepare leaves the session that requests have brought before wx.checkSession answered', async () => {
  const { session, server, logins, wx, requests } = await launchedWithDeadSession()
  let answer
  wx.checkSession = ({ fail }) => { answer = () => fail({ errMsg: 'checkSession:fail session time out' }) }
  const prepare = session.prepare()
  await requests()
  answer()
  await prepare
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/login'), 2)
})

test('prepare leaves the session that requests have brought before the server answered', async () => {
  const { session, server, logins, requests } = await launchedWithDeadSession()
  const release = server.hold('/api/session')
  const prepare = session.prepare()
  await requests()
  release()
  await prepare
  assert.equal(logins.count, 2)
  assert.deepEqual([...server.sessions.keys()], ['3rd_2'])
})

test('prepare leaves the session that requests have brought while wx.checkSession never answers', async () => {
  const { session, logins, wx, requests } = await launchedWithDeadSession({ timeout: 100 })
  wx.checkSession = () => {}
  const prepare = session.prepare()
  await requests()
  await prepare
  assert.equal(logins.count, 2)
})

test('prepare joins a login that requests have begun meanwhile', async () => {
  const { session, server, logins, requests } = await launchedWithDeadSession()
  const releaseSession = server.hold('/api/session')
  const releaseLogin = server.hold('/api/login')
  const prepare = session.prepare()
  const all = requests()
  await settle()
  releaseSession()
  await settle()
  releaseLogin()
  await Promise.all([prepare, all])
  assert.equal(logins.count, 2)
})

test('a question about the old session that gets no answer is no failure of prepare once there is a new one', async () => {
  const { session, server, requests } = await launchedWithDeadSession()
  server.answerNext('/api/session', new Error('connection reset'))
  const release = server.hold('/api/session')
  const prepare = session.prepare()
  await requests()
  release()
  await prepare
  assert.equal(session.state().loggedIn, true)
})

test('prepare without a network says so and keeps the session', async () => {
  const { session, server } = startPhone()
  await session.login()
  server.answerNext('/api/session', new Error('connection refused'))
  assert.equal((await failureOf(session.prepare())).code, 'network')
  assert.equal(session.state().loggedIn, true)
  await session.prepare()
  assert.equal(server.count('GET', '/api/session'), 2)
})

test('checkSession is what the server says, and never logs in', async () => {
  const { session, server, logins } = startPhone()
  assert.equal(await session.checkSession(), null)
  assert.equal(server.requests.length, 0)

  await session.login()
  assert.equal((await session.checkSession()).sid, 'sid-1')

  server.endAllSessions()
  assert.equal(await session.checkSession(), null)
  assert.equal(session.state().loggedIn, false)
  assert.equal(logins.count, 1)
})

test('checkSession speaks of the session that has replaced the one it asked about', async () => {
  const { session, server } = startPhone()
  await session.login()
  server.endAllSessions()
  const release = server.hold('/api/session')
  const check = session.checkSession()
  await settle()
  await session.me()
  release()
  assert.equal((await check).sid, 'sid-2')
  assert.equal(session.state().loggedIn, true)
})

test('checkSession waits for the login under way before it says that there is no session', async () => {
  const { session, server } = startPhone()
  await session.login()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  const release = server.hold('/api/login')
  const login = session.login()
  await settle()
  server.endAllSessions()
  const check = session.checkSession()
  await settle()
  release()
  assert.equal((await check).sid, 'sid-2')
  await login
  assert.deepEqual(heard, ['login'])
})

test('checkSession is null if that login fails', async () => {
  const { session, server } = startPhone()
  await session.login()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  server.answerNext('/api/login', new Error('connection refused'))
  const release = server.hold('/api/login')
  const login = failureOf(session.login())
  await settle()
  server.endAllSessions()
  const check = session.checkSession()
  await settle()
  release()
  assert.equal(await check, null)
  await login
  assert.deepEqual(heard, ['ended'])
})

test('checkSession at launch waits for the login of prepare', async () => {
  const { session } = startPhone()
  const prepare = session.prepare()
  assert.equal((await session.checkSession()).sid, 'sid-1')
  await prepare
})

test('checkSession is null after a logout, whatever the server has said of the session before', async () => {
  const { session, server } = startPhone()
  await session.login()
  server.answerNext('/api/session', { status: 200, headers: {}, body: '{"sid":"sid-1","expiresIn":9}' })
  const release = server.hold('/api/session')
  const check = session.checkSession()
  await settle()
  const logout = session.logout()
  release()
  await logout
  assert.equal(await check, null)
})

test('checkSession comes to an end though each session it asks about is replaced meanwhile', async () => {
  const { session, server, wx } = startPhone()
  await session.login()
  const { request } = wx
  wx.request = call => {
    if (!call.url.endsWith('/api/session')) return request(call)
    session.login().then(() => request(call))
  }
  await session.checkSession()
  assert.ok(server.count('GET', '/api/session') <= 3)
})

test('checkSession does not take a failure for a "no"', async () => {
  const { session, server } = startPhone()
  await session.login()
  server.answerNext('/api/session', { status: 503, headers: {}, body: '{"error":"storage_unavailable","message":"m"}' })
  assert.equal((await failureOf(session.checkSession())).code, 'storage_unavailable')
  assert.equal(session.state().loggedIn, true)
})

test('thirdSession gives the token for connections of the app\'s own', async () => {
  const { session, logins } = startPhone()
  assert.deepEqual(await many(3, () => session.thirdSession()), ['3rd_1', '3rd_1', '3rd_1'])
  assert.equal(logins.count, 1)
})

test('listeners hear of logins, ends and logouts, until they leave', async () => {
  const { session, server } = startPhone()
  const heard = []
  const leave = session.onSessionChange(change => heard.push([change.reason, change.loggedIn]))
  await session.login()
  server.endAllSessions()
  await session.checkSession()
  await session.login()
  await session.logout()
  leave()
  await session.login()
  assert.deepEqual(heard, [['login', true], ['ended', false], ['login', true], ['logout', false]])
})

test('a launch with a session that has ended meanwhile hears of it, and knows no user', async () => {
  const phone = startPhone()
  await phone.session.login()
  const session = phone.launch()
  await session.me()
  const heard = []
  session.onSessionChange(change => heard.push([change.reason, change.user]))
  phone.server.endAllSessions()
  await session.checkSession()
  assert.deepEqual(heard, [['ended', null]])
  assert.equal(session.state().user, null)
})

test('a launch that finds its session ended at once hears of it, too', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.server.endAllSessions()
  const session = phone.launch()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  await session.checkSession()
  assert.deepEqual(heard, ['ended'])
})

test('a session that is replaced without anybody noticing is no end', async () => {
  const { session, server } = startPhone()
  await session.login()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  server.endAllSessions()
  await session.me()
  server.endAllSessions()
  await session.prepare()
  assert.deepEqual(heard, ['login', 'login'])
})

test('a session that cannot be replaced is an end, told once', async () => {
  const { session, server } = startPhone()
  await session.login()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  server.endAllSessions()
  server.answerNext('/api/login', new Error('connection refused'), 9)
  await many(5, () => failureOf(session.me()))
  assert.deepEqual(heard, ['ended'])
})

test('create wants an address of a server', () => {
  for (const baseUrl of [undefined, '', 'login.example', '/api', 'ftp://login.example', 7]) {
    assert.throws(() => startPhone({ options: { baseUrl } }), /http/)
  }
})

test('a slash at the end of the address makes no difference', async () => {
  const { session, server } = startPhone({ options: { baseUrl: `${BASE}/` } })
  await session.login()
  assert.equal(server.requests.pop().path, '/api/login')
})

test('an address with a path keeps it', async () => {
  const { session, server } = startPhone({ options: { baseUrl: `${BASE}/login` } })
  server.answerNext('/login/api/login', { status: 200, headers: {}, body: '{"thirdSession":"3rd_x"}' })
  await session.login()
  assert.equal(session.state().loggedIn, true)
})

test('where there is no wx, create says so', () => {
  const { create } = require('../app/third-session')
  assert.throws(() => create({ baseUrl: BASE }), /no wx/)
})
