'use strict'

// WeChat on a PC hands responses of other statuses than 2xx to `fail`, with their `statusCode`.

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf } = require('./support/tools')

/** Hands what is no success to `fail`; `keep` says which fields of the response survive that. */
function onPc(phone, keep = ['statusCode', 'data', 'header']) {
  for (const api of ['request', 'uploadFile']) {
    const call = phone.wx[api]
    phone.wx[api] = options => call({
      ...options,
      success: response => {
        if (response.statusCode < 300) return options.success(response)
        const kept = Object.fromEntries(keep.map(name => [name, response[name]]))
        return options.fail({ errMsg: `${api}:fail`, errno: 600000, ...kept })
      },
    })
  }
  return phone
}

const file = (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1]) })

test('a 401 is the end of the session there, too: one login, one repetition', async () => {
  const { session, server, logins } = onPc(startPhone())
  await session.login()
  server.endAllSessions()
  const { data } = await session.request({ url: '/api/echo' })
  assert.equal(data.method, 'GET')
  assert.equal(logins.count, 2)
})

test('a 401 of which only the status is left will do', async () => {
  const { session, server, logins } = onPc(startPhone(), ['statusCode'])
  await session.login()
  server.endAllSessions()
  await session.request({ url: '/api/echo' })
  assert.equal(logins.count, 2)
})

test('a 401 ends an upload\'s session as well', async () => {
  const { session, server, logins } = onPc(startPhone({ host: { readFile: file } }))
  await session.login()
  server.endAllSessions()
  await session.uploadAvatar('wxfile://a.jpg')
  assert.equal(logins.count, 2)
})

test('checkSession and prepare see it', async () => {
  const { session, server, logins } = onPc(startPhone())
  await session.login()
  server.endAllSessions()
  assert.equal(await session.checkSession(), null)
  await session.prepare()
  assert.equal(logins.count, 2)
})

test('other errors of the server stay what they are', async () => {
  const { session, server } = onPc(startPhone())
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
