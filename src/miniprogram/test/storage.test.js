'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { create } = require('../app/third-session')
const { startPhone } = require('./support/phone')
const { BASE, failureOf } = require('./support/tools')

const KEY = 'third_session'
const DAY = 24 * 60 * 60 * 1000

/** Runs with this phone's clock off by so many milliseconds. */
async function withClockOff(offset, action) {
  const now = Date.now
  Date.now = () => now() + offset
  try {
    return await action()
  } finally {
    Date.now = now
  }
}

test('the session outlives the app', async () => {
  const phone = startPhone()
  await phone.session.login()
  const { loggedIn, stored, user } = phone.launch().state()
  assert.deepEqual({ loggedIn, stored, user }, { loggedIn: true, stored: true, user: null })
  await phone.launch().request({ url: '/api/echo' })
  assert.equal(phone.logins.count, 1)
})

test('a token is never sent to a server that it did not come from', async () => {
  const phone = startPhone()
  await phone.session.login()
  const other = create({ baseUrl: 'https://other.example', wx: phone.wx })
  assert.equal(other.state().loggedIn, false)
  await other.login()
  assert.equal(phone.server.last('/api/login').token, undefined)
})

test('what is stored is the token, and neither the user nor his number', async () => {
  const phone = startPhone()
  phone.server.user.nickName = '老王'
  phone.server.phoneCodes.add('phone-1')
  await phone.session.login()
  await phone.session.bindPhone({ errMsg: 'getPhoneNumber:ok', code: 'phone-1' })
  const stored = phone.host.storage.getItem(KEY)
  assert.match(stored, /3rd_1/)
  assert.doesNotMatch(stored, /老王|1358000/)
})

test('another storage key is possible', async () => {
  const phone = startPhone({ options: { storageKey: 'mine' } })
  await phone.session.login()
  assert.deepEqual([...phone.host.storage.values.keys()], ['mine'])
})

test('a value that is not ours is no session, and is written over', async () => {
  const values = [
    '{ broken', '"3rd_1"', '7', 'true', 'null', '[]', '{}',
    JSON.stringify({ token: '3rd_1' }),
    JSON.stringify({ version: 0, baseUrl: BASE, token: '3rd_1' }),
    JSON.stringify({ version: 2, baseUrl: BASE, token: { secret: 1 }, loggedOut: true }),
    JSON.stringify({ version: 1, baseUrl: BASE, token: 7 }),
    JSON.stringify({ version: 1, baseUrl: BASE, token: 'a\r\nX: y' }),
    JSON.stringify({ version: 1, baseUrl: 'https://other.example', token: '3rd_1' }),
  ]
  for (const value of values) {
    const { session, host, logins } = startPhone()
    host.storage.setItem(KEY, value)
    assert.equal(session.state().loggedIn, false, value)
    await session.request({ url: '/api/echo' })
    assert.equal(logins.count, 1, value)
    assert.equal(JSON.parse(host.storage.getItem(KEY)).token, '3rd_1', value)
  }
})

test('a record with nonsense beside the token is a session', async () => {
  const phone = startPhone()
  await phone.session.login()
  const record = JSON.parse(phone.host.storage.getItem(KEY))
  phone.host.storage.setItem(KEY, JSON.stringify({ ...record, expiresIn: 'x', receivedAt: -1, leftover: 9 }))
  const session = phone.launch()
  assert.equal(session.state().loggedIn, true)
  assert.equal(session.state().expiresIn, 0)
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
})

test('with a full storage the session lives in memory, and state says that it is not stored', async () => {
  const { session, host, logins } = startPhone()
  host.storage.full = true
  await session.login()
  await session.request({ url: '/api/echo' })
  assert.equal(logins.count, 1)
  assert.equal(session.state().stored, false)
})

test('with a full storage the old token is taken out rather than left for the next launch', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.host.storage.full = true
  await phone.session.login()
  assert.equal(phone.host.storage.getItem(KEY), null)
})

test('with a storage that fails in everything the session lives in memory', async () => {
  const { session, host } = startPhone()
  host.storage.broken = true
  const heard = []
  session.onSessionChange(change => heard.push(change.stored))
  await session.login()
  assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
  assert.deepEqual(heard, [false])
})

test('state says whether the storage is up to date, as it changes', async () => {
  const { session, host, server } = startPhone()
  const stored = () => session.state().stored
  host.storage.full = true
  await session.login()
  assert.equal(stored(), false)
  host.storage.full = false
  await session.login()
  assert.equal(stored(), true)

  host.storage.readOnly = true
  server.endAllSessions()
  await session.checkSession()
  assert.equal(stored(), false, 'the refused token is still there')
  host.storage.readOnly = false
  await session.login()
  assert.equal(stored(), true)
})

test('a logout in a full storage takes the place of the session, and lasts', async () => {
  const phone = startPhone()
  await phone.session.login()
  const { storage } = phone.host
  const { setItem } = storage
  storage.setItem = (key, value) => {
    storage.full = storage.values.has(key)
    setItem.call(storage, key, value)
  }
  phone.server.answerNext('/api/session', new Error('connection refused'))
  await failureOf(phone.session.logout())
  assert.equal(phone.session.state().stored, true)
  assert.equal((await failureOf(phone.launch().me())).code, 'logged_out')
})

test('a logout in a storage that stays full takes the token out, and says that the next launch will not know of it', async () => {
  const { session, host, server } = startPhone()
  await session.login()
  host.storage.full = true
  assert.equal((await failureOf(session.logout())).code, 'storage')
  assert.equal(host.storage.getItem(KEY), null)
  assert.equal(server.sessions.size, 0)
  assert.equal((await failureOf(session.me())).code, 'logged_out')
})

test('a logout that could not be stored can be tried again', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.host.storage.full = true
  await failureOf(phone.session.logout())
  phone.host.storage.full = false
  await phone.session.logout()
  assert.equal(phone.launch().state().loggedOut, true)
})

test('a login that follows a logout which could not be stored is no error of the logout', async () => {
  const { session, host, server } = startPhone()
  await session.login()
  host.storage.full = true
  const release = server.hold('/api/session')
  const logout = session.logout()
  await session.login()
  release()
  await logout
})

test('a logout that cannot be stored says so, and is one until the app ends', async () => {
  const { session, host, server } = startPhone()
  await session.login()
  host.storage.readOnly = true
  assert.equal((await failureOf(session.logout())).code, 'storage')
  assert.equal(server.sessions.size, 0)
  assert.equal((await failureOf(session.me())).code, 'logged_out')
})

test('a token that the server has refused is taken out', async () => {
  const { session, host, server } = startPhone()
  await session.login()
  server.endAllSessions()
  await session.checkSession()
  assert.equal(host.storage.getItem(KEY), null)
})

test('expiresIn counts from when the answer came, however wrong the clock is', async () => {
  for (const offset of [-DAY, 0, DAY]) {
    await withClockOff(offset, async () => {
      const { session } = startPhone()
      await session.login()
      assert.ok(session.state().expiresIn >= 604798 && session.state().expiresIn <= 604799, offset)
    })
  }
})

test('a clock that is set by a day changes what is shown, and never what is done', async () => {
  for (const offset of [-DAY, DAY, 400 * DAY]) {
    const { session, logins } = startPhone()
    await session.login()
    await withClockOff(offset, async () => {
      const { expiresIn } = session.state()
      assert.ok(expiresIn >= 0 && expiresIn <= 604799, expiresIn)
      assert.equal((await session.request({ url: '/api/echo' })).statusCode, 200)
      assert.equal(logins.count, 1)
    })
  }
})

test('checkSession counts anew from its own answer', async () => {
  const { session } = startPhone()
  await session.login()
  await withClockOff(DAY, async () => {
    await session.checkSession()
    assert.ok(session.state().expiresIn >= 604798)
  })
})

test('checkSession brings expiresIn up to date', async () => {
  const phone = startPhone()
  await phone.session.login()
  phone.server.expiresIn = 100
  await phone.session.checkSession()
  const { expiresIn } = phone.launch().state()
  assert.ok(expiresIn >= 98 && expiresIn <= 100, expiresIn)
})
