'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf, settle } = require('./support/tools')

const OK = 'getPhoneNumber:ok'

async function prepared() {
  const phone = startPhone()
  await phone.session.prepare()
  phone.server.phoneCodes.add('phone-1')
  return phone
}

const sent = server => server.last('/api/me/phone').json

test('the new event: its code is sent, the number comes back', async () => {
  const { session, server, logins } = await prepared()
  const phone = await session.bindPhone({ detail: { errMsg: OK, code: 'phone-1' } })
  assert.deepEqual(phone, {
    phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86', loggedInAfterTap: false,
  })
  assert.deepEqual(sent(server), { code: 'phone-1' })
  assert.equal(logins.count, 1)
})

test('the code of a number that WeChat has verified anew is sent as any other', async () => {
  const { session, server } = await prepared()
  const phone = await session.bindPhone({ detail: { errMsg: 'getRealtimePhoneNumber:ok', code: 'phone-1' } })
  assert.equal(phone.phoneNumber, '13580006666')
  assert.deepEqual(sent(server), { code: 'phone-1' })
})

test('refusals of the verified number are those of the other button', async () => {
  const { session } = await prepared()
  const refusals = [
    [{ errMsg: 'getRealtimePhoneNumber:fail user deny' }, 'phone_denied'],
    [{ errMsg: 'getRealtimePhoneNumber:fail', errno: 1400001 }, 'phone_quota'],
    [{ errMsg: 'getRealtimePhoneNumber:fail no permission' }, 'phone_unavailable'],
    [{ errMsg: 'getRealtimePhoneNumber:ok' }, 'phone_unavailable'],
    [{ errMsg: 'getUserProfile:ok', code: 'phone-1' }, 'phone_unavailable'],
  ]
  for (const [detail, code] of refusals) {
    assert.equal((await failureOf(session.bindPhone({ detail }))).code, code, JSON.stringify(detail))
  }
})

test('the old event: encryptedData and iv are sent', async () => {
  const { session, server } = await prepared()
  await session.bindPhone({ detail: { errMsg: OK, encryptedData: 'a+/=', iv: 'b+/=' } })
  assert.deepEqual(sent(server), { encryptedData: 'a+/=', iv: 'b+/=' })
})

test('an event with both: both are sent, and nothing else of it', async () => {
  const { session, server } = await prepared()
  await session.bindPhone({ detail: { errMsg: OK, code: 'phone-1', encryptedData: 'a', iv: 'b', cloudID: 'c', errno: 0 } })
  assert.deepEqual(sent(server), { code: 'phone-1', encryptedData: 'a', iv: 'b' })
})

test('the detail alone will do for the event', async () => {
  const { session, server } = await prepared()
  await session.bindPhone({ errMsg: OK, code: 'phone-1' })
  assert.deepEqual(sent(server), { code: 'phone-1' })
})

test('half of the old event is left out', async () => {
  const { session, server } = await prepared()
  await session.bindPhone({ errMsg: OK, code: 'phone-1', encryptedData: 'a', iv: '' })
  assert.deepEqual(sent(server), { code: 'phone-1' })
})

test('wx.login is not called between the tap and the request', async () => {
  const { session, server, logins } = await prepared()
  const before = server.requests.length
  await session.bindPhone({ errMsg: OK, code: 'phone-1' })
  assert.deepEqual(server.requests.slice(before).map(request => request.path), ['/api/me/phone'])
  assert.equal(logins.count, 1)
})

test('every way to refuse has its code, and nothing is sent', async () => {
  const cases = [
    [{ errMsg: 'getPhoneNumber:user deny' }, 'phone_denied', true],
    [{ errMsg: 'getPhoneNumber:fail user deny' }, 'phone_denied', true],
    [{ errMsg: 'getPhoneNumber:fail:user deny' }, 'phone_denied', true],
    [{ errMsg: 'getPhoneNumber:fail user cancel' }, 'phone_denied', true],
    [{ errMsg: 'getPhoneNumber:fail', errno: 1400001 }, 'phone_quota', false],
    [{ errMsg: 'getPhoneNumber:fail', errno: '1400001' }, 'phone_quota', false],
    [{ errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 }, 'privacy_denied', true],
    [{ errMsg: 'getPhoneNumber:fail', errno: 103 }, 'privacy_denied', true],
    [{ errMsg: 'getPhoneNumber:fail privacy permission is not authorized' }, 'privacy_denied', true],
    [{ errMsg: 'getPhoneNumber:fail api scope is not declared in the privacy agreement', errno: 112 }, 'privacy_undeclared', false],
    [{ errMsg: 'getPhoneNumber:fail appid privacy api banned' }, 'privacy_undeclared', false],
    [{ errMsg: 'getPhoneNumber:fail no permission' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:fail jsapi has no permission' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:OK', code: 'c' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:ok ', code: 'c' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:ok' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:ok', code: '' }, 'phone_unavailable', false],
    [{ errMsg: 'getPhoneNumber:ok', encryptedData: 'a' }, 'phone_unavailable', false],
    [{ code: 'c' }, 'phone_unavailable', false],
    [{}, 'phone_unavailable', false],
    [null, 'phone_unavailable', false],
    [undefined, 'phone_unavailable', false],
    ['getPhoneNumber:ok', 'phone_unavailable', false],
  ]
  const { session, server } = await prepared()
  for (const [detail, code, tapAgain] of cases) {
    for (const event of [detail, { detail }]) {
      const error = await failureOf(session.bindPhone(event))
      assert.equal(error.code, code, JSON.stringify(detail))
      assert.equal(error.tapAgain, tapAgain, JSON.stringify(detail))
    }
  }
  assert.equal(server.count('POST', '/api/me/phone'), 0)
})

test('without a session it logs in first, and says that this was after the tap', async () => {
  const { session, server, logins } = startPhone()
  server.phoneCodes.add('phone-1')
  const phone = await session.bindPhone({ errMsg: OK, code: 'phone-1' })
  assert.equal(phone.loggedInAfterTap, true)
  assert.equal(logins.count, 1)
})

test('a tap while the login at launch is still under way is after the tap, too', async () => {
  const { session, server } = startPhone()
  server.phoneCodes.add('phone-1')
  const prepare = session.prepare()
  assert.equal((await session.bindPhone({ errMsg: OK, code: 'phone-1' })).loggedInAfterTap, true)
  await prepare
})

test('a session that the server has ended: login, then the same data once more', async () => {
  const { session, server, logins } = await prepared()
  server.endAllSessions()
  const phone = await session.bindPhone({ errMsg: OK, code: 'phone-1' })
  assert.equal(phone.loggedInAfterTap, true)
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/me/phone'), 2)
})

test('a refused code is not sent again; the way on is another tap', async () => {
  const { session, server, logins } = await prepared()
  const error = await failureOf(session.bindPhone({ errMsg: OK, code: 'spent' }))
  assert.equal(error.code, 'phone_code_invalid')
  assert.equal(error.tapAgain, true)
  assert.equal(error.loggedInAfterTap, false)
  await settle()
  assert.equal(server.count('POST', '/api/me/phone'), 1)
  assert.equal(logins.count, 1)
})

test('after decrypt_failed the login for the next tap is done before the answer, and the data is not sent again', async () => {
  const { session, server, logins } = await prepared()
  server.answerNext('/api/me/phone', {
    status: 409, headers: {}, body: '{"error":"decrypt_failed","message":"m","relogin":true,"tapAgain":true}',
  })
  const error = await failureOf(session.bindPhone({ errMsg: OK, encryptedData: 'a', iv: 'b' }))
  assert.equal(error.code, 'decrypt_failed')
  assert.equal(error.tapAgain, true)
  assert.equal(error.relogin, false, 'that has been done')
  assert.equal(logins.count, 2)
  assert.equal(server.count('POST', '/api/me/phone'), 1)
})

test('a decrypt_failed that comes after a logout does not log in', async () => {
  const { session, server, logins } = await prepared()
  server.answerNext('/api/me/phone', {
    status: 409, headers: {}, body: '{"error":"decrypt_failed","message":"m","relogin":true,"tapAgain":true}',
  })
  const release = server.hold('/api/me/phone')
  const bind = failureOf(session.bindPhone({ errMsg: OK, encryptedData: 'a', iv: 'b' }))
  await settle()
  await session.logout()
  release()
  const error = await bind
  assert.equal(error.code, 'decrypt_failed')
  assert.equal(error.relogin, true)
  assert.equal(session.state().loggedOut, true)
  assert.equal(logins.count, 1)
})

test('if that login fails, the error is still decrypt_failed, and wants a login', async () => {
  const { session, server } = await prepared()
  server.answerNext('/api/me/phone', {
    status: 409, headers: {}, body: '{"error":"decrypt_failed","message":"m","relogin":true,"tapAgain":true}',
  })
  server.answerNext('/api/login', new Error('connection refused'))
  const error = await failureOf(session.bindPhone({ errMsg: OK, encryptedData: 'a', iv: 'b' }))
  assert.equal(error.code, 'decrypt_failed')
  assert.equal(error.relogin, true)
})

test('after a network failure the code may be spent: it is not called retryable', async () => {
  const { session, server } = await prepared()
  for (const reply of [new Error('connection reset'), { status: 502, headers: {}, body: '<html>' }]) {
    server.answerNext('/api/me/phone', reply)
    const error = await failureOf(session.bindPhone({ errMsg: OK, code: 'phone-1' }))
    assert.equal(error.retryable, false)
    assert.equal(error.tapAgain, true)
  }
})

test('if the login before it fails, nothing was sent: the same event may be sent again', async () => {
  const { session, server } = startPhone()
  server.phoneCodes.add('phone-1')
  server.answerNext('/api/login', new Error('connection refused'))
  const event = { errMsg: OK, code: 'phone-1' }
  const error = await failureOf(session.bindPhone(event))
  assert.equal(error.retryable, true)
  assert.equal(error.tapAgain, false)
  assert.equal(server.count('POST', '/api/me/phone'), 0)
  assert.equal((await session.bindPhone(event)).phoneNumber, '13580006666')
})

test('wechat_unreachable is retryable, since the code is still good: the caller may send the same event again', async () => {
  const { session, server } = await prepared()
  server.answerNext('/api/me/phone', { status: 503, headers: {}, body: '{"error":"wechat_unreachable","message":"m","retryable":true}' })
  const event = { errMsg: OK, code: 'phone-1' }
  assert.equal((await failureOf(session.bindPhone(event))).retryable, true)
  assert.equal((await session.bindPhone(event)).phoneNumber, '13580006666')
})

test('unbindPhone takes the number away', async () => {
  const { session, server } = await prepared()
  await session.bindPhone({ errMsg: OK, code: 'phone-1' })
  assert.equal(await session.unbindPhone(), undefined)
  assert.equal((await session.me()).maskedPhone, null)
  assert.equal(server.count('DELETE', '/api/me/phone'), 1)
})

test('requirePrivacy: agreed before, agreed now, refused, not declared, not known to the base library', async () => {
  const { session, host, wx } = startPhone()
  await session.requirePrivacy()

  host.privacyNeeded = true
  await session.requirePrivacy()
  assert.equal(host.privacyNeeded, false)

  host.privacyNeeded = true
  host.ui = () => ({ event: 'disagree' })
  assert.equal((await failureOf(session.requirePrivacy())).code, 'privacy_denied')

  wx.requirePrivacyAuthorize = ({ fail }) => setImmediate(fail, { errMsg: 'requirePrivacyAuthorize:fail', errno: 112 })
  assert.equal((await failureOf(session.requirePrivacy())).code, 'privacy_undeclared')

  wx.requirePrivacyAuthorize = undefined
  await session.requirePrivacy()
})

test('the app\'s own privacy dialog is asked in the place of WeChat\'s', async () => {
  const asked = []
  const { session } = startPhone({
    host: { privacyNeeded: true },
    options: {
      onNeedPrivacyAuthorization(resolve, info) {
        asked.push(info.referrer)
        resolve({ event: 'agree', buttonId: 'agree' })
      },
    },
  })
  await session.requirePrivacy()
  assert.deepEqual(asked, ['requirePrivacyAuthorize'])
})
