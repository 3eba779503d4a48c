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

// ---- pictures that do not fit ----------------------------------------------------------------

const KIB = 1024

/** A phone that can compress; its file has this size, `null` for one that cannot say. */
function withPictures(size, change = {}) {
  const asked = []
  const read = []
  const phone = startPhone({
    host: {
      readFile: (path, done) => {
        read.push(path)
        file(path, done)
      },
    },
    wx: {
      getFileSystemManager: () => ({
        getFileInfo: ({ success, fail }) => {
          if (size === null) fail({ errMsg: 'getFileInfo:fail' })
          else success({ size })
        },
      }),
      compressImage: options => {
        asked.push({ src: options.src, quality: options.quality, compressedWidth: options.compressedWidth })
        setImmediate(options.success, { tempFilePath: 'wxfile://smaller.jpg' })
      },
      ...change,
    },
  })
  return { ...phone, asked, read }
}

test('a large picture is made smaller before it is uploaded', async () => {
  const { session, asked, read } = withPictures(600 * KIB)
  await session.uploadAvatar('wxfile://large.jpg')
  assert.deepEqual(asked, [{ src: 'wxfile://large.jpg', quality: 80, compressedWidth: 640 }])
  assert.deepEqual(read, ['wxfile://smaller.jpg'])
})

test('a picture in a format of phones is made a JPEG, however small', async () => {
  for (const name of ['a.heic', 'a.HEIF', 'a.webp']) {
    const { session, asked, read } = withPictures(20 * KIB)
    await session.uploadAvatar({ detail: { avatarUrl: `wxfile://${name}` } })
    assert.deepEqual(asked, [{ src: `wxfile://${name}`, quality: 80, compressedWidth: undefined }])
    assert.deepEqual(read, ['wxfile://smaller.jpg'])
  }
})

test('a small JPEG or PNG goes as it is', async () => {
  for (const [size, name] of [[512 * KIB, 'a.jpg'], [20 * KIB, 'a.png'], [null, 'a.jpeg'], [20 * KIB, 'webp.heic.png']]) {
    const { session, asked, read } = withPictures(size)
    await session.uploadAvatar(`wxfile://${name}`)
    assert.deepEqual(asked, [])
    assert.deepEqual(read, [`wxfile://${name}`])
  }
})

test('where a picture cannot be made smaller it goes as it is, and the server decides', async () => {
  const changes = [
    { compressImage: undefined },
    { compressImage: options => setImmediate(options.fail, { errMsg: 'compressImage:fail not support' }) },
    { compressImage: options => setImmediate(options.success, {}) },
    { compressImage() { throw new Error('not here') } },
  ]
  for (const change of changes) {
    const { session, read } = withPictures(2000 * KIB, change)
    await session.uploadAvatar('wxfile://large.png')
    assert.deepEqual(read, ['wxfile://large.png'])
  }
})

test('where the size cannot be asked for, the picture goes as it is', async () => {
  const without = { getFileSystemManager: undefined }
  const broken = { getFileSystemManager() { throw new Error('not here') } }
  for (const change of [without, broken]) {
    const { session, read } = withPictures(600 * KIB, change)
    await session.uploadAvatar('wxfile://a.jpg')
    assert.deepEqual(read, ['wxfile://a.jpg'])
  }
})

test('a picture is not uploaded after a logout, nor for whoever logs in then', async () => {
  let compressed
  const { session, server } = withPictures(600 * KIB, { compressImage: ({ success }) => { compressed = success } })
  await session.login()
  const upload = failureOf(session.uploadAvatar('wxfile://large.jpg'))
  await new Promise(resolve => setTimeout(resolve, 0))
  await session.logout()
  await session.login()
  compressed({ tempFilePath: 'wxfile://smaller.jpg' })
  assert.equal((await upload).code, 'logged_out')
  assert.equal(server.count('POST', '/api/me/avatar'), 0)
})
