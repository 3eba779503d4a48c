'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf, settle } = require('./support/tools')

const broken = { login: ({ fail }) => setImmediate(fail, { errMsg: 'login:fail' }) }

/** Every method with its arguments before the callbacks; those with options have the callbacks among them. */
const METHODS = {
  login: null,
  request: { url: '/api/echo' },
  uploadFile: { url: '/api/me/avatar', filePath: 'wxfile://a', name: 'f' },
  prepare: [],
  thirdSession: [],
  me: [],
  updateProfile: [{ title: 'x' }],
  uploadAvatar: ['wxfile://a'],
  bindPhone: [{ errMsg: 'getPhoneNumber:ok', code: 'c' }],
  unbindPhone: [],
  sessions: [],
  endSession: ['sid-1'],
  endOtherSessions: [],
  endAllSessions: [],
  erase: [],
}

function call(session, name, callbacks) {
  const given = METHODS[name]
  return Array.isArray(given) ? session[name](...given, callbacks) : session[name]({ ...given, ...callbacks })
}

test('with callbacks: success, then complete, and no promise', async () => {
  const { session } = startPhone()
  const heard = []
  const returned = session.me({
    success: user => heard.push(['success', user.userId]),
    fail: () => heard.push(['fail']),
    complete: user => heard.push(['complete', user.userId]),
  })
  assert.equal(returned, undefined)
  await settle()
  assert.deepEqual(heard, [['success', 'u-1'], ['complete', 'u-1']])
})

test('request with callbacks calls each of them once, and with the library\'s result', async () => {
  const { session, server } = startPhone()
  const heard = []
  const call = () => session.request({
    url: '/api/echo',
    success: ({ statusCode }) => heard.push(['success', statusCode]),
    fail: ({ code }) => heard.push(['fail', code]),
    complete: ({ statusCode, code }) => heard.push(['complete', statusCode || code]),
  })
  call()
  await settle()
  server.answerNext('/api/echo', { status: 500, headers: {}, body: '' })
  call()
  await settle()
  assert.deepEqual(heard, [['success', 200], ['complete', 200], ['fail', 'bad_answer'], ['complete', 'bad_answer']])
})

for (const name of Object.keys(METHODS)) {
  test(`${name} with callbacks: fail, then complete, and no rejection is left unhandled`, async () => {
    const { session } = startPhone({ wx: broken })
    const heard = []
    const returned = call(session, name, {
      success: () => heard.push('success'),
      fail: error => heard.push(`fail ${error.code}`),
      complete: error => heard.push(`complete ${error.code}`),
    })
    assert.equal(returned, undefined)
    await settle()
    assert.deepEqual(heard, ['fail wx_login_failed', 'complete wx_login_failed'])
  })
}

test('complete alone is enough for a failure not to be an unhandled rejection', async () => {
  const { session } = startPhone({ wx: broken })
  let code
  session.login({ complete: error => { code = error.code } })
  session.request({ url: '/api/echo', success() {} })
  await settle()
  assert.equal(code, 'wx_login_failed')
})

test('a failure leaves no rejection of the library\'s own unhandled', async () => {
  const unhandled = []
  const listener = error => unhandled.push(error)
  process.on('unhandledRejection', listener)
  try {
    const { session, server } = startPhone()
    await session.login()
    server.endAllSessions()
    server.answerNext('/api/login', new Error('connection refused'), 9)
    await Promise.allSettled([session.me(), session.prepare(), session.sessions(), session.login(),
      session.login({ phoneCode: 'c' }), session.logout(), session.checkSession()])
    await settle()
  } finally {
    process.off('unhandledRejection', listener)
  }
  assert.deepEqual(unhandled, [])
})

test('what a callback or a listener throws is reported, and stops nobody else', async () => {
  const { session } = startPhone()
  const heard = []
  const thrown = []
  session.onSessionChange(() => { throw new Error('listener') })
  session.onSessionChange(() => heard.push('second listener'))

  const setTimer = global.setTimeout
  global.setTimeout = (action, ms) => setTimer(() => {
    try {
      action()
    } catch (error) {
      thrown.push(error.message)
    }
  }, ms)
  try {
    session.login({
      success: () => { throw new Error('success') },
      complete: () => heard.push('complete'),
    })
    await settle()
  } finally {
    global.setTimeout = setTimer
  }
  assert.deepEqual(heard, ['second listener', 'complete'])
  assert.deepEqual(thrown, ['listener', 'success'])
  assert.equal(session.state().loggedIn, true)
})

test('what a method cannot even begin with is a rejection, too', async () => {
  const { session } = startPhone()
  const error = await failureOf(session.endSession('\uD800')) // half a character has no place in an address
  assert.ok(error instanceof URIError)
})

test('methods need no this', async () => {
  const { login, me } = startPhone().session
  await login()
  assert.equal((await me()).userId, 'u-1')
})
