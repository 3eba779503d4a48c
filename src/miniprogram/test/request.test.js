'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { BASE, failureOf, many, settle } = require('./support/tools')

const html = (status, headers = {}) => ({ status, headers, body: '<html><h1>Bad Gateway</h1></html>' })

async function loggedIn(setup) {
  const phone = startPhone(setup)
  await phone.session.login()
  return phone
}

test('request bears the token and answers as wx.request does', async () => {
  const { session, server } = await loggedIn()
  const response = await session.request({ url: '/api/echo', data: { a: '1 2' } })
  assert.equal(response.statusCode, 200)
  assert.deepEqual(response.data, { method: 'GET', query: { a: '1 2' } })
  assert.equal(server.last('/api/echo').headers.authorization, 'Bearer 3rd_1')
})

test('request logs in if there is no session', async () => {
  const { session, server, logins } = startPhone()
  await session.request({ url: '/api/echo' })
  assert.equal(logins.count, 1)
  assert.equal(server.last('/api/echo').token, '3rd_1')
})

test('headers of the caller go along, another Authorization does not', async () => {
  const { session, server } = await loggedIn()
  await session.request({ url: '/api/echo', header: { 'X-Shop': '7', authorization: 'Bearer mine' } })
  assert.equal(server.last('/api/echo').headers['x-shop'], '7')
  assert.equal(server.last('/api/echo').headers.authorization, 'Bearer 3rd_1')
})

test('the caller\'s options are not changed', async () => {
  const { session } = await loggedIn()
  const options = Object.freeze({ url: '/api/echo', header: Object.freeze({ 'X-Shop': '7' }) })
  await session.request(options)
})

test('wx.request gets WeChat\'s options as they were given, and a time-out', async () => {
  const { session, wx } = await loggedIn({ options: { timeout: 7000 } })
  const calls = []
  wx.request = call => {
    calls.push(call)
    setImmediate(call.success, { statusCode: 200, data: {}, header: {} })
  }
  await session.request({ url: '/a', enableHttp2: true, dataType: 'text', onTask() {} })
  await session.request({ url: '/a', timeout: 30000 })
  const { success, fail, ...given } = calls[0]
  assert.deepEqual(given, {
    url: `${BASE}/a`, enableHttp2: true, dataType: 'text', timeout: 7000, header: { Authorization: 'Bearer 3rd_1' },
  })
  assert.equal(calls[1].timeout, 30000)
})

test('after 401 session_invalid: one login, one repetition', async () => {
  const { session, server, logins } = await loggedIn()
  server.endAllSessions()
  const response = await session.request({ url: '/api/echo', method: 'POST', data: { a: 1 } })
  assert.equal(response.statusCode, 200)
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/echo'), 2)
  assert.deepEqual(server.last('/api/echo').json, { a: 1 })
  assert.equal(server.last('/api/login').token, '3rd_1', 'the server ignores a dead one, and ends one that lives')
})

test('a second 401 is the answer: no loop', async () => {
  const { session, server, logins } = await loggedIn()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  server.answerNext('/api/echo', { status: 401, headers: {}, body: '{"error":"session_invalid","message":"m","relogin":true}' }, 9)
  const error = await failureOf(session.request({ url: '/api/echo' }))
  assert.equal(error.code, 'session_invalid')
  assert.equal(error.relogin, true)
  assert.equal(logins.count, 2)
  assert.equal(server.count('GET', '/api/echo'), 2)
  assert.equal(session.state().loggedIn, false)
  assert.deepEqual(heard, ['login', 'ended'])
})

test('a server that refuses every session costs one login for any number of parallel requests', async () => {
  const { session, server, logins } = await loggedIn()
  server.answerNext('/api/echo', { status: 401, headers: {}, body: '{"error":"session_invalid","message":"m"}' }, 99)
  const failures = await many(20, () => failureOf(session.request({ url: '/api/echo' })))
  assert.ok(failures.every(error => error.code === 'session_invalid'))
  assert.equal(logins.count, 2)
})

test('a 401 for a token that was replaced meanwhile is repeated with the new one, without a login', async () => {
  const { session, server, logins } = await loggedIn()
  const release = server.hold('/api/echo')
  const slow = session.request({ url: '/api/echo' })
  await settle()
  await session.login()
  release()
  assert.equal((await slow).statusCode, 200)
  assert.equal(logins.count, 2)
  assert.equal(server.last('/api/echo').token, '3rd_2')
})

test('401s that come one after another while a login fails cause one wx.login', async () => {
  const { session, server, logins } = await loggedIn()
  server.endAllSessions()
  const releases = [1, 2, 3].map(i => server.hold(`/api/echo/${i}`))
  const requests = [1, 2, 3].map(i => failureOf(session.request({ url: `/api/echo/${i}` })))
  await settle()
  server.answerNext('/api/login', new Error('connection refused'), 9)
  for (const release of releases) {
    release()
    await settle()
  }
  assert.deepEqual((await Promise.all(requests)).map(error => error.code), ['network', 'network', 'network'])
  assert.equal(logins.count, 2)
})

test('the request after that tries a login of its own', async () => {
  const { session, server, logins } = await loggedIn()
  server.endAllSessions()
  server.answerNext('/api/login', new Error('connection refused'))
  await failureOf(session.request({ url: '/api/echo' }))
  await session.request({ url: '/api/echo' })
  assert.equal(logins.count, 3)
})

const SHOP = 'https://shop.example'
const INVALID = '{"error":"session_invalid","message":"m","relogin":true}'

/** A back end that refuses everybody, whatever the server says of the session. */
async function refusedByBackEnd({ url = `${SHOP}/orders`, body = '', login = true } = {}) {
  const phone = startPhone({ options: { backends: [SHOP] } })
  if (login) await phone.session.login()
  phone.heard = []
  phone.session.onSessionChange(change => phone.heard.push(change.reason))
  phone.server.answerNext(new URL(url, BASE).pathname, { status: 401, headers: {}, body }, 99)
  phone.order = () => failureOf(phone.session.request({ url }))
  return phone
}

test('a back end that refuses everybody costs one login a request, and leaves one session, which stays', async () => {
  const refusals = [
    { body: '' },
    { body: '<html>' },
    { body: INVALID }, // as a gateway says of another app's session
    { url: '/shop/orders', body: INVALID }, // the same, behind the server's own name
  ]
  for (const refusal of refusals) {
    const { session, server, logins, heard, order } = await refusedByBackEnd(refusal)
    for (let i = 1; i <= 3; i++) {
      const error = await order()
      assert.equal(error.status, 401)
      assert.equal(error.code, refusal.body === INVALID ? 'session_invalid' : 'bad_answer')
      assert.equal(logins.count, 1 + i)
      assert.equal(server.sessions.size, 1)
      assert.equal(session.state().loggedIn, true)
    }
    assert.deepEqual(heard, ['login', 'login', 'login'])
  }
})

test('twenty requests that a back end refuses share one login', async () => {
  const { server, logins, order } = await refusedByBackEnd()
  await many(20, order)
  assert.equal(logins.count, 2)
  assert.equal(server.sessions.size, 1)
})

test('a request that has just logged in does not log in again when it is refused', async () => {
  const { session, server, logins, order } = await refusedByBackEnd({ login: false })
  const errors = await many(3, order)
  assert.ok(errors.every(error => error.status === 401))
  assert.equal(logins.count, 1)
  assert.equal(server.count('GET', '/orders'), 3)
  assert.equal(session.state().loggedIn, true)
})

test('a request that has just logged in is told by the server that this is over: so it is', async () => {
  const { session, server, logins } = startPhone()
  const heard = []
  session.onSessionChange(change => heard.push(change.reason))
  server.answerNext('/api/echo', { status: 401, headers: {}, body: INVALID })
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'session_invalid')
  assert.equal(logins.count, 1)
  assert.equal(session.state().loggedIn, false)
  assert.deepEqual(heard, ['login', 'ended'])
})

test('a session that only a back end has refused outlives a login that fails', async () => {
  const { session, server, heard, order } = await refusedByBackEnd()
  server.answerNext('/api/login', new Error('connection refused'))
  assert.equal((await order()).code, 'network')
  assert.equal(session.state().loggedIn, true)
  assert.deepEqual(heard, [])
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
})

test('a bare 401 of a gateway counts as the end of the session', async () => {
  const { session, server, logins } = await loggedIn()
  server.answerNext('/api/echo', html(401))
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
  assert.equal(logins.count, 2)
})

test('a 401 that is not about the session is an error like others', async () => {
  const { session, server, logins } = await loggedIn()
  server.answerNext('/api/echo', { status: 401, headers: {}, body: '{"error":"client_invalid","message":"m"}' })
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'client_invalid')
  assert.equal(logins.count, 1)
})

test('403 login_required: a fresh login, then once more', async () => {
  const { session, server, logins } = await loggedIn()
  server.answerNext('/api/echo', { status: 403, headers: {}, body: '{"error":"login_required","message":"m","relogin":true}' })
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
  assert.equal(logins.count, 2)
  assert.equal(server.last('/api/login').token, '3rd_1')
})

test('a 409 is never repeated', async () => {
  for (const error of ['decrypt_failed', 'signature_invalid', 'phone_code_invalid']) {
    const { session, server } = await loggedIn()
    server.answerNext('/api/echo', { status: 409, headers: {}, body: JSON.stringify({ error, message: 'm', relogin: true, tapAgain: true }) })
    const failure = await failureOf(session.request({ url: '/api/echo', method: 'POST', data: {} }))
    assert.equal(failure.code, error)
    assert.equal(failure.tapAgain, true)
    await settle()
    assert.equal(server.count('POST', '/api/echo'), 1)
  }
})

test('invalid_request names the field, and the development server\'s hint is kept', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/me', { status: 400, headers: {}, body: '{"error":"invalid_request","message":"m","field":"nickName","hint":"h"}' })
  const error = await failureOf(session.updateProfile({ nickName: 7 }))
  assert.equal(error.field, 'nickName')
  assert.equal(error.hint, 'h')
})

test('a 500 with HTML is bad_answer', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/echo', html(500, { 'X-Request-ID': 'r9', 'Retry-After': '3' }))
  const error = await failureOf(session.request({ url: '/api/echo' }))
  assert.equal(error.code, 'bad_answer')
  assert.equal(error.status, 500)
  assert.equal(error.requestId, 'r9')
  assert.equal(error.retryAfter, 3)
  assert.equal(error.retryable, true)
  assert.match(error.data, /Bad Gateway/)
})

test('an empty body and a JSON of somebody else are bad_answer', async () => {
  const bodies = ['', '{}', '[]', 'null', '"x"', '{"code":-1}', '{"error":{"code":1}}',
    '{"timestamp":1,"status":500,"error":"Internal Server Error","path":"/"}']
  for (const body of bodies) {
    const { session, server } = await loggedIn()
    server.answerNext('/api/echo', { status: 500, headers: {}, body })
    assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'bad_answer', body)
  }
})

test('a page of a hotel\'s network in the place of an API answer is bad_answer', async () => {
  for (const body of ['<html>please log in</html>', '', '[]', 'null']) {
    const { session, server } = await loggedIn()
    server.answerNext('/api/me', { status: 200, headers: {}, body })
    assert.equal((await failureOf(session.me())).code, 'bad_answer', body)
  }
})

test('bad_answer to a POST is not called retryable: it may have been carried out', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/echo', html(502))
  assert.equal((await failureOf(session.request({ url: '/api/echo', method: 'POST' }))).retryable, false)
  server.answerNext('/api/echo', html(404))
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).retryable, false)
})

test('no answer is network, and says how', async () => {
  const cases = [
    [{ errMsg: 'request:fail ' }, 'unreachable', true],
    [{ errMsg: 'request:fail timeout' }, 'timeout', true],
    [{ errMsg: 'request:fail', errno: 5 }, 'timeout', true],
    [{ errMsg: 'request:fail interrupted' }, 'interrupted', true],
    [{ errMsg: 'request:fail url not in domain list' }, 'domain', false],
    [{ errMsg: 'request:fail', errno: 600002 }, 'domain', false],
  ]
  for (const [result, reason, retryable] of cases) {
    const { session, wx } = await loggedIn()
    wx.request = ({ fail }) => setImmediate(fail, result)
    const error = await failureOf(session.request({ url: '/api/echo' }))
    assert.equal(error.code, 'network')
    assert.equal(error.reason, reason, result.errMsg)
    assert.equal(error.retryable, retryable, result.errMsg)
    assert.equal(error.errMsg, result.errMsg)
  }
})

test('a network that fails in the middle of a POST is not called retryable', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/echo', new Error('connection reset'))
  const error = await failureOf(session.request({ url: '/api/echo', method: 'POST' }))
  assert.equal(error.code, 'network')
  assert.equal(error.retryable, false)
})

test('a network that fails between the 401 and the login is the answer', async () => {
  const { session, server, logins } = await loggedIn()
  server.endAllSessions()
  server.answerNext('/api/login', new Error('connection reset'))
  const error = await failureOf(session.request({ url: '/api/echo' }))
  assert.equal(error.code, 'network')
  assert.equal(error.retryable, true)
  assert.equal(logins.count, 2)
})

test('a network that fails at the repetition is the answer', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/echo', html(401))
  server.answerNext('/api/echo', new Error('connection reset'))
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'network')
})

test('wx.request throwing is network', async () => {
  const { session, wx } = await loggedIn()
  wx.request = () => { throw new Error('parameter error') }
  assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'network')
})

test('onTask gets WeChat\'s task; what it aborts is aborted', async () => {
  const { session, server } = await loggedIn()
  server.hold('/api/echo')
  const error = await failureOf(session.request({ url: '/api/echo', onTask: task => task.abort() }))
  assert.equal(error.code, 'aborted')
})

test('the token goes to no server that was not named', async () => {
  const { session, server } = await loggedIn()
  const before = server.requests.length
  const foreign = ['https://evil.example/', 'http://login.example/', `${BASE}.evil.example/`, `${BASE}@evil.example/`,
    `${BASE}\\@evil.example/`, `${BASE}:8443/`, 'HTTPS://evil.example/', 'wss://login.example/']
  for (const url of foreign) {
    assert.equal((await failureOf(session.request({ url }))).code, 'url_not_trusted', url)
  }
  assert.equal(server.requests.length, before)
})

test('the token goes to the app\'s other servers that were named', async () => {
  const { session, server } = await loggedIn({ options: { backends: ['https://shop.example/'] } })
  server.answerNext('/orders', { status: 200, headers: {}, body: '[1]' })
  const response = await session.request({ url: 'https://shop.example/orders' })
  assert.deepEqual(response.data, [1])
  assert.equal(server.last('/orders').token, '3rd_1')
  assert.equal((await session.request({ url: `${BASE}/api/echo?a=1` })).statusCode, 200)
})

test('a path without its slash is one', async () => {
  const { session, server } = await loggedIn()
  await session.request({ url: 'api/echo' })
  await failureOf(session.request({ url: '//evil.example/x' }))
  assert.equal(server.requests.pop().path, '//evil.example/x')
})

test('uploadFile bears the token and answers JSON as an object', async () => {
  const { session, server } = await loggedIn({
    host: { readFile: (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1, 2]) }) },
  })
  const response = await session.uploadFile({ url: '/api/me/avatar', filePath: 'wxfile://a', name: 'f', formData: { a: 'b' } })
  assert.deepEqual(response.data, { avatarUrl: 'https://login.example/avatars/abc' })
  assert.equal(server.last('/api/me/avatar').token, '3rd_1')
})

test('uploadFile is repeated once after a login, too', async () => {
  const { session, server, logins } = await loggedIn({
    host: { readFile: (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1, 2]) }) },
  })
  server.endAllSessions()
  await session.uploadFile({ url: '/api/me/avatar', filePath: 'wxfile://a', name: 'f' })
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/me/avatar'), 2)
})

test('a file that is not there is file_unreadable, not a network', async () => {
  const { session, wx } = await loggedIn()
  const upload = () => failureOf(session.uploadFile({ url: '/api/me/avatar', filePath: 'wxfile://gone', name: 'f' }))
  assert.equal((await upload()).code, 'file_unreadable')

  const words = ['file not exists', 'ENOENT: no such file or directory, open \'wxfile://gone\'', 'Error: No such file',
    'createUploadTask:fail file not found']
  for (const reason of words) {
    wx.uploadFile = ({ fail }) => setImmediate(fail, { errMsg: `uploadFile:fail ${reason}` })
    assert.equal((await upload()).code, 'file_unreadable', reason)
  }
})

test('an upload has the time that WeChat gives it, which is more than a request has', async () => {
  const cases = [
    [{}, {}, 60000],
    [{ timeout: 7000 }, {}, 60000],
    [{ uploadTimeout: 120000 }, {}, 120000],
    [{ uploadTimeout: 120000 }, { timeout: 5000 }, 5000],
  ]
  for (const [options, call, timeout] of cases) {
    const { session, wx } = await loggedIn({ options })
    let given
    wx.uploadFile = call => {
      given = call.timeout
      setImmediate(call.success, { statusCode: 200, data: '{}', header: {} })
    }
    await session.uploadFile({ url: '/a', filePath: 'wxfile://a', name: 'f', ...call })
    assert.equal(given, timeout)
  }
})
