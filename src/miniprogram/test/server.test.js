'use strict'

/*
 * The library against a real server with its simulator, as `mvn jetty:run` starts them:
 *
 *     THIRD_SESSION_URL=http://localhost:8080 npm test
 */
const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { httpHost } = require('./support/http-host')
const { startPhone } = require('./support/phone')
const { failureOf } = require('./support/tools')

const SERVER = (process.env.THIRD_SESSION_URL || '').replace(/\/+$/, '')
const skip = SERVER ? false : 'THIRD_SESSION_URL is not set'

// A picture that any decoder takes: one white pixel.
const PIXEL = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0' +
  'Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJx' +
  'FDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip' +
  'qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z', 'base64')

/** A phone of its own user, so that runs do not meet. */
function phoneOf(name) {
  return startPhone({
    options: { baseUrl: SERVER, device: true },
    host: httpHost(SERVER, {
      openId: `o${name}${Date.now().toString(36)}`,
      files: { 'wxfile://a.jpg': { name: 'a.jpg', type: 'image/jpeg', bytes: PIXEL } },
    }),
  })
}

/** Another mini program of the same user, on another phone. */
const another = phone => startPhone({ options: { baseUrl: SERVER, device: true }, host: httpHost(SERVER, { openId: phone.host.openId }) })

/** What the phone button's event says. */
const tap = phone => new Promise((resolve, reject) => phone.wx.request({
  url: `${SERVER}/sim/phone`,
  method: 'POST',
  data: { openid: phone.host.openId },
  success: ({ data }) => resolve({ detail: data }),
  fail: reject,
}))

describe('against a real server', { skip }, () => {
  test('log in, be known, log out, log in again', async () => {
    const { session, logins } = phoneOf('Login')
    const first = await session.login()
    assert.equal(first.newUser, true)
    assert.ok(first.expiresIn > 600000)
    assert.equal((await session.me()).userId, first.user.userId)
    assert.equal((await session.checkSession()).userId, first.user.userId)

    await session.logout()
    assert.equal((await failureOf(session.me())).code, 'logged_out')

    const second = await session.login()
    assert.equal(second.newUser, false)
    assert.equal(second.user.userId, first.user.userId)
    assert.equal(logins.count, 2)
  })

  test('twenty requests at launch are one login; after a logout elsewhere, one more', async () => {
    const phone = phoneOf('Many')
    const many = () => Promise.all(Array.from({ length: 20 }, () => phone.session.request({ url: '/api/session' })))
    await many()
    assert.equal(phone.logins.count, 1)

    const token = await phone.session.thirdSession()
    await new Promise((resolve, reject) => phone.wx.request({
      url: `${SERVER}/api/session`, method: 'DELETE', header: { Authorization: `Bearer ${token}` }, success: resolve, fail: reject,
    }))
    await many()
    assert.equal(phone.logins.count, 2)
  })

  test('launches end the session before them', async () => {
    const phone = phoneOf('Launch')
    const first = await phone.session.thirdSession()
    await phone.launch().login()
    const answer = await new Promise((resolve, reject) => phone.wx.request({
      url: `${SERVER}/api/session`, header: { Authorization: `Bearer ${first}` }, success: resolve, fail: reject,
    }))
    assert.equal(answer.statusCode, 401)
  })

  test('the profile', async () => {
    const { session } = phoneOf('Profile')
    const user = await session.updateProfile({ nickName: '老王😀', title: '今天也要加油' })
    assert.equal(user.nickName, '老王😀')
    assert.equal((await session.updateProfile({ title: '' })).title, '')
    const error = await failureOf(session.updateProfile({ openid: 'o' }))
    assert.equal(error.code, 'invalid_request')
    assert.equal(error.field, 'openid')
  })

  test('a broken login says why', async () => {
    const phone = phoneOf('Broken')
    phone.wx.login = ({ success }) => setImmediate(success, { code: 'no/code' })
    const error = await failureOf(phone.session.login())
    assert.equal(error.code, 'invalid_request')
    assert.equal(error.status, 400)
    assert.match(error.requestId, /^[0-9a-f]{16}$/)
  })

  test('a phone number is bound by a tap, and by the same tap only once', async () => {
    const phone = phoneOf('Phone')
    await phone.session.prepare()
    const event = await tap(phone)
    const { code, ...old } = event.detail

    const bound = await phone.session.bindPhone({ detail: { errMsg: event.detail.errMsg, code } })
    assert.equal(bound.phoneNumber, '13580006666')
    assert.equal(bound.loggedInAfterTap, false)
    assert.equal((await phone.session.me()).maskedPhone, '135****6666')
    assert.equal((await failureOf(phone.session.bindPhone({ detail: { errMsg: event.detail.errMsg, code } }))).code, 'phone_code_invalid')

    await phone.session.unbindPhone()
    assert.equal((await phone.session.me()).maskedPhone, null)
    assert.equal((await phone.session.bindPhone({ detail: old })).phoneNumber, '13580006666')
  })

  test('a picture is uploaded and served', async () => {
    const phone = phoneOf('Avatar')
    await phone.session.login()
    const { avatarUrl } = await phone.session.uploadAvatar({ detail: { avatarUrl: 'wxfile://a.jpg' } })
    assert.match(avatarUrl, /^https?:\/\/.+\/avatars\//)
    assert.equal((await phone.session.me()).avatarUrl, avatarUrl)
  })

  test('devices are listed and ended', async () => {
    const phone = phoneOf('Devices')
    const other = another(phone)
    await phone.session.login()
    await other.session.login()
    const sessions = await phone.session.sessions()
    assert.equal(sessions.length, 2)
    assert.equal(sessions.filter(session => session.current).length, 1)

    await phone.session.endSession(sessions.find(session => !session.current).sid)
    assert.equal(await other.session.checkSession(), null)

    await other.session.login()
    await phone.session.endOtherSessions()
    assert.equal(await other.session.checkSession(), null)
    assert.equal((await phone.session.sessions()).length, 1)

    await phone.session.endAllSessions()
    assert.equal(phone.session.state().loggedOut, true)
  })

  test('who erases himself is a new user afterwards', async () => {
    const { session } = phoneOf('Erase')
    const { user } = await session.login()
    await session.erase()
    const after = await session.login()
    assert.equal(after.newUser, true)
    assert.notEqual(after.user.userId, user.userId)
  })
})
