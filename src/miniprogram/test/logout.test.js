'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf, settle } = require('./support/tools')

async function loggedIn() {
  const phone = startPhone()
  await phone.session.login()
  return phone
}

test('logout ends the session here and on the server, and keeps nothing of it', async () => {
  const { session, server, host } = await loggedIn()
  assert.equal(await session.logout(), undefined)
  assert.doesNotMatch(host.storage.getItem('third_session'), /3rd_1/)
  assert.equal(server.sessions.size, 0)
  const { loggedIn: still, loggedOut, user } = session.state()
  assert.deepEqual({ still, loggedOut, user }, { still: false, loggedOut: true, user: null })
})

test('after logout nothing but login() logs in, at the next launch neither', async () => {
  const phone = await loggedIn()
  await phone.session.logout()
  for (const session of [phone.session, phone.launch()]) {
    assert.equal((await failureOf(session.request({ url: '/api/echo' }))).code, 'logged_out')
    assert.equal((await failureOf(session.prepare())).code, 'logged_out')
    assert.equal((await failureOf(session.bindPhone({ errMsg: 'getPhoneNumber:ok', code: 'c' }))).code, 'logged_out')
    assert.equal(await session.checkSession(), null)
  }
  assert.equal(phone.logins.count, 1)

  await phone.session.login()
  assert.equal((await phone.session.request({ url: '/api/echo' })).statusCode, 200)
  assert.equal((await phone.launch().request({ url: '/api/echo' })).statusCode, 200)
})

test('logging out twice, or of a session that the server has ended, is no error', async () => {
  const { session, server } = await loggedIn()
  server.endAllSessions()
  await session.logout()
  await session.logout()
  assert.equal(server.count('DELETE', '/api/session'), 1)
})

test('a logout right after a launch ends the session of the launch before', async () => {
  const phone = await loggedIn()
  await phone.launch().logout()
  assert.equal(phone.server.sessions.size, 0)
})

test('logging out without ever having logged in asks nobody', async () => {
  const { session, server } = startPhone()
  await session.logout()
  assert.equal(server.requests.length, 0)
  assert.equal(session.state().loggedOut, true)
})

test('a logout that the server did not hear of is one here, and the next login ends the session there', async () => {
  const phone = await loggedIn()
  phone.server.answerNext('/api/session', new Error('connection refused'))
  assert.equal((await failureOf(phone.session.logout())).code, 'network')
  assert.equal(phone.session.state().loggedIn, false)
  assert.equal(phone.server.sessions.size, 1)

  await phone.launch().login()
  assert.deepEqual([...phone.server.sessions.keys()], ['3rd_2'])
  assert.doesNotMatch(phone.host.storage.getItem('third_session'), /3rd_1/)
})

test('logging out again tells a server that did not hear the first time', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/session', { status: 500, headers: {}, body: '' })
  assert.equal((await failureOf(session.logout())).code, 'bad_answer')
  await session.logout()
  assert.equal(server.sessions.size, 0)
})

test('a request that is refused after a logout does not bring the session back', async () => {
  const { session, server, logins } = await loggedIn()
  const release = server.hold('/api/echo')
  const request = failureOf(session.request({ url: '/api/echo' }))
  await settle()
  await session.logout()
  release()
  assert.equal((await request).code, 'logged_out')
  assert.equal(logins.count, 1)
  assert.equal(session.state().loggedIn, false)
})

test('a request that was carried out before a logout has its answer', async () => {
  const { session, server } = await loggedIn()
  const request = session.request({ url: '/api/echo' })
  await settle()
  await session.logout()
  assert.equal((await request).statusCode, 200)
  assert.equal(server.count('GET', '/api/echo'), 1)
})

test('a request and a logout in the same breath: the request is not sent any more', async () => {
  const { session, server } = await loggedIn()
  const request = failureOf(session.request({ url: '/api/echo' }))
  await session.logout()
  assert.equal((await request).code, 'logged_out')
  assert.equal(server.count('GET', '/api/echo'), 0)
})

test('a login whose answer comes after a logout ends its session and stays logged out', async () => {
  const { session, server } = startPhone()
  const release = server.hold('/api/login')
  const login = failureOf(session.login())
  await settle()
  const logout = session.logout()
  release()
  assert.equal((await login).code, 'logged_out')
  await logout
  assert.equal(server.sessions.size, 0)
  assert.equal(session.state().loggedIn, false)
  assert.equal(session.state().loggedOut, true)
})

test('logout waits until a login under way has ended its session, too', async () => {
  const { session, server } = startPhone()
  const release = server.hold('/api/login')
  const login = failureOf(session.login())
  await settle()
  let over = false
  const logout = session.logout().then(() => { over = true })
  await settle()
  assert.equal(over, false)
  release()
  await Promise.all([login, logout])
  assert.equal(server.sessions.size, 0)
})

test('a code that wx.login gives after a logout is not sent', async () => {
  let give
  const { session, server } = startPhone({ wx: { login: ({ success }) => { give = () => success({ code: 'late' }) } } })
  const login = failureOf(session.login())
  const logout = session.logout()
  give()
  assert.equal((await login).code, 'logged_out')
  await logout
  assert.equal(server.requests.length, 0)
})

test('a login after a logout does not join the one from before', async () => {
  const { session, server, logins } = startPhone()
  const release = server.hold('/api/login')
  const first = failureOf(session.login())
  await settle()
  const logout = session.logout()
  const second = session.login()
  release()
  assert.equal((await first).code, 'logged_out')
  await Promise.all([logout, second])
  assert.equal(logins.count, 2)
  assert.equal(session.state().loggedIn, true)
  assert.equal(server.sessions.size, 1)
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
})

test('a login from before a logout ends without disturbing the one after it', async () => {
  const { session, server, logins } = startPhone()
  const releaseFirst = server.hold('/api/login')
  const first = failureOf(session.login())
  await settle()
  const logout = session.logout()
  const releaseSecond = server.hold('/sim/login')
  const second = session.login()
  releaseFirst()
  await Promise.all([first, logout])
  const third = session.login()
  releaseSecond()
  await Promise.all([second, third])
  assert.equal(logins.count, 2)
})

test('a login with a phone code that waited for another does not survive a logout', async () => {
  const { session, server, logins } = startPhone()
  const release = server.hold('/api/login')
  const first = failureOf(session.login())
  const second = failureOf(session.login({ phoneCode: 'phone-1' }))
  await settle()
  const logout = session.logout()
  release()
  assert.deepEqual((await Promise.all([first, second])).map(error => error.code), ['logged_out', 'logged_out'])
  await logout
  assert.equal(logins.count, 1)
  assert.equal(session.state().loggedIn, false)
})

test('a session that a late login could not end is ended by the next login', async () => {
  const phone = startPhone()
  const release = phone.server.hold('/api/login')
  const login = failureOf(phone.session.login())
  await settle()
  const logout = phone.session.logout()
  phone.server.answerNext('/api/session', new Error('connection refused'))
  release()
  await Promise.all([login, logout])
  assert.equal(phone.server.sessions.size, 1)
  await phone.launch().login()
  assert.deepEqual([...phone.server.sessions.keys()], ['3rd_2'])
})

test('a prepare that a logout overtakes does not log in', async () => {
  const { session, server, logins } = await loggedIn()
  server.endAllSessions()
  const release = server.hold('/api/session')
  const prepare = failureOf(session.prepare())
  await settle()
  const logout = session.logout()
  release()
  assert.equal((await prepare).code, 'logged_out')
  await logout
  assert.equal(logins.count, 1)
})

test('a prepare after the next login has nothing to do with the one that a logout has overtaken', async () => {
  const { session, server } = await loggedIn()
  const release = server.hold('/api/session')
  const first = failureOf(session.prepare())
  await settle()
  const logout = session.logout()
  await session.login()
  const second = session.prepare()
  release()
  assert.equal((await first).code, 'logged_out')
  await Promise.all([logout, second])
})

test('a slow logout does not forget about a later one that the server did not hear of', async () => {
  const phone = await loggedIn()
  const { session, server, wx } = phone
  const { request } = wx
  let goOn
  wx.request = call => {
    if (call.method !== 'DELETE' || goOn) return request(call)
    goOn = () => request(call)
  }
  const slow = session.logout()
  await session.login()
  server.answerNext('/api/session', new Error('connection refused'))
  await failureOf(session.logout())
  goOn()
  await slow
  await phone.launch().login()
  assert.deepEqual([...server.sessions.keys()], ['3rd_3'])
})

test('sessions lists this user\'s devices', async () => {
  const { session } = await loggedIn()
  const list = await session.sessions()
  assert.equal(list.length, 1)
  assert.equal(list[0].current, true)
})

test('endSession ends another device; of this one it is a logout', async () => {
  const { session, server } = await loggedIn()
  server.sessions.set('3rd_other', { sid: 'sid-other', device: {} })
  await session.sessions()
  await session.endSession('sid-other')
  assert.equal(session.state().loggedIn, true)
  await session.endSession('sid-1')
  assert.equal(session.state().loggedOut, true)
  assert.equal(server.sessions.size, 0)
})

test('which session is this one is also known from checkSession', async () => {
  const { session } = await loggedIn()
  const { sid } = await session.checkSession()
  await session.endSession(sid)
  assert.equal(session.state().loggedOut, true)
})

test('a session that is gone is not_found', async () => {
  const { session, server } = await loggedIn()
  assert.equal((await failureOf(session.endSession('../me'))).code, 'not_found')
  assert.equal(server.requests.pop().path, '/api/sessions/..%2Fme')
})

test('endOtherSessions leaves this one, endAllSessions none', async () => {
  const { session, server } = await loggedIn()
  server.sessions.set('3rd_other', { sid: 'sid-other', device: {} })
  await session.endOtherSessions()
  assert.deepEqual([...server.sessions.keys()], ['3rd_1'])
  assert.equal(session.state().loggedIn, true)
  await session.endAllSessions()
  assert.equal(server.sessions.size, 0)
  assert.equal(session.state().loggedOut, true)
})

test('erase logs in first if the session is too old for it, and is a logout', async () => {
  const { session, server, logins } = await loggedIn()
  server.sessions.get('3rd_1').fresh = false
  await session.erase()
  assert.equal(logins.count, 2)
  assert.equal(server.sessions.size, 0)
  assert.equal(session.state().loggedOut, true)
})

test('a session from after a logout outlives the late answers to what ended the one before', async () => {
  const endings = [
    ['/api/sessions/end', session => session.endAllSessions()],
    ['/api/sessions/sid-1', session => session.endSession('sid-1')],
    ['/api/me', session => session.erase()],
  ]
  for (const [path, end] of endings) {
    const { session, server } = await loggedIn()
    await session.sessions()
    server.answerNext(path, { status: 204, headers: {}, body: '' })
    const release = server.hold(path)
    const ending = end(session)
    await settle()
    await session.logout()
    await session.login()
    release()
    await ending
    assert.equal(session.state().loggedIn, true, path)
    assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200, path)
  }
})

test('a logout also ends a session that the server seemed not to know', async () => {
  const { session, server } = await loggedIn()
  server.answerNext('/api/session', { status: 401, headers: {}, body: '<html>' })
  assert.equal(await session.checkSession(), null)
  await session.logout()
  assert.equal(server.sessions.size, 0)
})
