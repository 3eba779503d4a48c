'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { startPhone } = require('./support/phone')
const { failureOf } = require('./support/tools')

const file = (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1, 2]) })

test('me is the user', async () => {
  const { session, server } = startPhone()
  assert.deepEqual(await session.me(), server.user)
  assert.deepEqual(session.state().user, server.user)
})

test('updateProfile sends what changes and answers the user after it', async () => {
  const { session, server } = startPhone()
  const user = await session.updateProfile({ nickName: '老王😀', title: '' })
  assert.deepEqual(server.last('/api/me').json, { nickName: '老王😀', title: '' })
  assert.equal(user.nickName, '老王😀')
  assert.equal(session.state().user.nickName, '老王😀')
})

test('updateProfile of nothing changes nothing', async () => {
  const { session, server } = startPhone()
  await session.updateProfile()
  assert.deepEqual(server.last('/api/me').json, {})
})

test('uploadAvatar takes the event of chooseAvatar, or a path', async () => {
  const { session, server } = startPhone({ host: { readFile: file } })
  await session.login()
  for (const avatar of [{ detail: { avatarUrl: 'wxfile://tmp/a.jpg' } }, 'http://tmp/a.jpg']) {
    assert.deepEqual(await session.uploadAvatar(avatar), { avatarUrl: 'https://login.example/avatars/abc' })
  }
  assert.equal(session.state().user.avatarUrl, 'https://login.example/avatars/abc')
  assert.match(server.last('/api/me/avatar').headers['content-type'], /^multipart\/form-data; boundary=/)
})

test('uploadAvatar without a picture is file_unreadable, and asks nobody', async () => {
  const { session, server } = startPhone({ host: { readFile: file } })
  for (const avatar of [undefined, null, '', 7, {}, { detail: {} }]) {
    assert.equal((await failureOf(session.uploadAvatar(avatar))).code, 'file_unreadable')
  }
  assert.equal(server.requests.length, 0)
})

test('an avatar that the server refuses is its error', async () => {
  const { session, server } = startPhone({ host: { readFile: file } })
  server.answerNext('/api/me/avatar', { status: 413, headers: {}, body: '{"error":"payload_too_large","message":"m"}' })
  assert.equal((await failureOf(session.uploadAvatar('wxfile://a'))).code, 'payload_too_large')
})

test('an answer to an upload that is no JSON is bad_answer', async () => {
  const { session, server } = startPhone({ host: { readFile: file } })
  for (const status of [200, 500]) {
    server.answerNext('/api/me/avatar', { status, headers: {}, body: '<html>' })
    assert.equal((await failureOf(session.uploadAvatar('wxfile://a'))).code, 'bad_answer')
  }
})
