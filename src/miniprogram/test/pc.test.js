'use strict'

// WeChat on a PC hands responses of other statuses than 2xx to `fail`, with their `statusCode`.

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf } = require('./support/tools')

/** A phone that is a PC; of a response that goes to `fail` only the fields of `keep` are left, if that is given. */
function startPc({ keep, host = {} } = {}) {
  const phone = startPhone({ host: { desktop: true, ...host } })
  if (!keep) return phone
  for (const api of ['request', 'uploadFile']) {
    const call = phone.wx[api]
    phone.wx[api] = options => call({
      ...options,
      fail: ({ errMsg, errno, ...response }) => options.fail({
        errMsg, errno, ...Object.fromEntries(keep.map(name => [name, response[name]])),
      }),
    })
  }
  return phone
}

const file = (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1]) })

test('a 401 is the end of the session there, too: one login, one repetition', async () => {
  const { session, server, logins } = startPc()
  await session.login()
  server.endAllSessions()
  const { data } = await session.request({ url: '/api/echo' })
  assert.equal(data.method, 'GET')
  assert.equal(logins.count, 2)
})

test('a 401 of which only the status is left will do', async () => {
  const { session, server, logins } = startPc({ keep: ['statusCode'] })
  await session.login()
  server.endAllSessions()
  await session.request({ url: '/api/echo' })
  assert.equal(logins.count, 2)
})

test('a 401 ends an upload\'s session as well', async () => {
  const { session, server, logins } = startPc({ host: { readFile: file } })
  await session.login()
  server.endAllSessions()
  await session.uploadAvatar('wxfile://a.jpg')
  assert.equal(logins.count, 2)
})

test('checkSession and prepare see it', async () => {
  const { session, server, logins } = startPc()
  await session.login()
  server.endAllSessions()
  assert.equal(await session.checkSession(), null)
  await session.prepare()
  assert.equal(logins.count, 2)
})

test('other errors of the server stay what they are', async () => {
  const { session, server } = startPc()
  await session.login()
  server.answerNext('/api/me', {
    status: 429, headers: { 'Retry-After': '7' }, body: '{"error":"rate_limited","message":"m","retryable":true}',
  })
  const error = await failureOf(session.me())
  assert.equal(error.code, 'rate_limited')
  assert.equal(error.status, 429)
  assert.equal(error.retryAfter, 7)
})

test('a body that comes as text is read', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.wx.request = options => setImmediate(options.fail, {
    errMsg: 'request:fail', statusCode: 404, data: '{"error":"not_found","message":"m"}', header: {},
  })
  assert.equal((await failureOf(phone.session.me())).code, 'not_found')
})

test('where nothing was answered it is the network, whatever number stands there', async () => {
  for (const statusCode of [-1, 0, 1, 200, 999, NaN, null, undefined, 'x']) {
    const phone = startPhone()
    await phone.session.login()
    phone.wx.request = options => setImmediate(options.fail, { errMsg: 'request:fail interrupted', statusCode })
    const error = await failureOf(phone.session.me())
    assert.equal(error.code, 'network', String(statusCode))
    assert.equal(error.status, 0)
  }
})

test('a number in WeChat\'s words is no status: it may be a port or a network\'s error', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.wx.request = options => setImmediate(options.fail, { errMsg: 'request:fail connect to 10.0.0.1:401', errno: 600001 })
  assert.equal((await failureOf(phone.session.me())).code, 'network')
  assert.equal(phone.logins.count, 1)
})
