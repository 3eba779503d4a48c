'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const { createWx } = require('../wx')
const { BASE, MemoryStorage, settle } = require('./support/tools')

/** The time-out of a request that is never answered must not keep the tests waiting. */
function timer(action, ms) {
  const handle = setTimeout(action, ms)
  return ms < 1000 ? handle : handle.unref()
}

/** A wx whose transport keeps what it is given and answers `reply`. */
function open(host = {}, reply = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }) {
  const sent = []
  const wx = createWx({
    simulator: BASE,
    setTimeout: timer,
    send: (message, done) => {
      sent.push(message)
      setImmediate(() => (reply instanceof Error ? done(reply) : done(null, reply)))
    },
    ...host,
  })
  return { wx, sent }
}

/** The outcome of a call in callback style: ['success' | 'fail', result]. */
function outcome(api, options = {}) {
  return new Promise(resolve => api({
    ...options,
    success: result => resolve(['success', result]),
    fail: result => resolve(['fail', result]),
  }))
}

async function sentBy(options) {
  const { wx, sent } = open()
  await outcome(wx.request, { url: 'https://h/p', ...options })
  return sent[0]
}

// ---- wx.request ------------------------------------------------------------------------------

test('GET puts data into the query, encoded as encodeURIComponent does', async () => {
  const message = await sentBy({ data: { 'a b': 'x+/=&', n: 1, t: true } })
  assert.equal(message.method, 'GET')
  assert.equal(message.url, 'https://h/p?a%20b=x%2B%2F%3D%26&n=1&t=true')
  assert.equal(message.body, null)
})

test('GET adds to a query that is there', async () => {
  assert.equal((await sentBy({ url: 'https://h/p?q=1', data: { a: 2 } })).url, 'https://h/p?q=1&a=2')
  assert.equal((await sentBy({ url: 'https://h/p?q=1', data: {} })).url, 'https://h/p?q=1')
})

test('POST sends JSON, and that is the default content-type of every method', async () => {
  const message = await sentBy({ method: 'POST', data: { a: '中', b: [1] } })
  assert.equal(message.body, '{"a":"中","b":[1]}')
  assert.equal(message.headers['content-type'], 'application/json')
  assert.equal((await sentBy({})).headers['content-type'], 'application/json')
})

test('POST with application/x-www-form-urlencoded sends the query form, whatever the case of the header', async () => {
  for (const name of ['content-type', 'Content-Type', 'CONTENT-TYPE']) {
    const message = await sentBy({
      method: 'POST', data: { iv: 'a+b/c==' }, header: { [name]: 'application/x-www-form-urlencoded;charset=utf-8' },
    })
    assert.equal(message.body, 'iv=a%2Bb%2Fc%3D%3D')
  }
})

test('text is sent as it is', async () => {
  assert.equal((await sentBy({ method: 'POST', data: 'a=b c+d' })).body, 'a=b c+d')
  assert.equal((await sentBy({ data: 'a=b' })).url, 'https://h/p?a=b')
})

test('bytes are sent as they are', async () => {
  const data = new ArrayBuffer(3)
  assert.deepEqual((await sentBy({ method: 'POST', data })).body, [data])
})

test('an answer in bytes is refused: hosts give text', async () => {
  const [kind, result] = await outcome(open().wx.request, { url: 'https://h/p', responseType: 'arraybuffer' })
  assert.equal(kind, 'fail')
  assert.match(result.errMsg, /responseType/)
})

test('PUT and DELETE have a body like POST, and none without data', async () => {
  assert.equal((await sentBy({ method: 'PUT', data: { a: 1 } })).body, '{"a":1}')
  assert.equal((await sentBy({ method: 'DELETE' })).body, null)
})

test('there is no PATCH', async () => {
  const { wx, sent } = open()
  const [kind, result] = await outcome(wx.request, { url: 'https://h/p', method: 'PATCH' })
  assert.equal(kind, 'fail')
  assert.match(result.errMsg, /^request:fail .*PATCH/)
  assert.equal(sent.length, 0)
})

test('an address that is none fails', async () => {
  const { wx } = open()
  for (const url of [undefined, '', '/api/me', 'h/p', 'https://', 'ftp://h/', 7]) {
    const [kind, result] = await outcome(wx.request, { url })
    assert.equal(kind, 'fail')
    assert.match(result.errMsg, /^request:fail invalid url/)
  }
})

test('every HTTP status is a success', async () => {
  for (const status of [200, 204, 302, 400, 401, 404, 500, 503]) {
    const { wx } = open({}, { status, headers: { 'X-A': 'b' }, body: '' })
    const [kind, result] = await outcome(wx.request, { url: 'https://h/p' })
    assert.equal(kind, 'success')
    assert.deepEqual(result, { errMsg: 'request:ok', data: '', statusCode: status, header: { 'X-A': 'b' }, cookies: [] })
  }
})

test('no answer is a failure', async () => {
  const { wx } = open({}, new Error('ECONNREFUSED'))
  assert.deepEqual(await outcome(wx.request, { url: 'https://h/p' }), ['fail', { errMsg: 'request:fail ECONNREFUSED', errno: 600001 }])
})

test('the body is parsed once, and stays text if it is no JSON', async () => {
  const cases = [['{"a":1}', { a: 1 }], ['"{\\"a\\":1}"', '{"a":1}'], ['{"a":', '{"a":'], ['<html>', '<html>'], ['null', null]]
  for (const [body, data] of cases) {
    const { wx } = open({}, { status: 200, headers: {}, body })
    const [, result] = await outcome(wx.request, { url: 'https://h/p' })
    assert.deepEqual(result.data, data)
  }
})

test('with another dataType the body stays text', async () => {
  const [, result] = await outcome(open().wx.request, { url: 'https://h/p', dataType: 'text' })
  assert.equal(result.data, '{"a":1}')
})

test('the Referer is WeChat\'s, never the caller\'s', async () => {
  const { wx, sent } = open({ appId: 'wx1' })
  await outcome(wx.request, { url: 'https://h/p', header: { referer: 'https://evil/', 'X-A': 1, 'X-B': undefined } })
  assert.deepEqual(sent[0].headers, {
    'X-A': '1', 'content-type': 'application/json', Referer: 'https://servicewechat.com/wx1/devtools/page-frame.html',
  })
})

test('wx.request returns a task, not a promise', async () => {
  const task = open().wx.request({ url: 'https://h/p' })
  assert.equal(task.then, undefined)
  assert.equal(typeof task.abort, 'function')
})

test('abort fails the request, before it is sent and after', async () => {
  for (const wait of [false, true]) {
    let broken = false
    const { wx } = open({ send: () => () => { broken = true } })
    let task
    const failed = new Promise(resolve => { task = wx.request({ url: 'https://h/p', fail: resolve }) })
    if (wait) await settle()
    task.abort()
    assert.equal((await failed).errMsg, 'request:fail abort')
    assert.equal(broken, wait)
  }
})

test('a request that is aborted before it was sent is not sent', async () => {
  const { wx, sent } = open()
  wx.request({ url: 'https://h/p' }).abort()
  await settle()
  assert.equal(sent.length, 0)
})

test('a request is answered once, whatever comes after the answer', async () => {
  let answer
  const { wx } = open({ send: (message, done) => { answer = done } })
  const heard = []
  const task = wx.request({ url: 'https://h/p', complete: result => heard.push(result.errMsg) })
  task.onHeadersReceived(() => heard.push('headers'))
  await settle()
  answer(null, { status: 200, headers: {}, body: '' })
  answer(null, { status: 200, headers: {}, body: '' })
  answer(new Error('late'))
  task.abort()
  await settle()
  assert.deepEqual(heard, ['headers', 'request:ok'])
})

test('an answer takes the time-out away', async () => {
  const timers = new Set()
  const { wx } = open({
    setTimeout: (action, ms) => {
      if (ms < 1000) return setTimeout(action, ms)
      timers.add(action)
      return action
    },
    clearTimeout: action => timers.delete(action),
  })
  await outcome(wx.request, { url: 'https://h/p', timeout: 5000 })
  assert.equal(timers.size, 0)
})

test('a time-out fails the request, breaks it off, and an answer after it is not heard', async () => {
  let answer
  let broken = false
  const { wx } = open({ send: (message, done) => { answer = done; return () => { broken = true } } })
  const heard = []
  await new Promise(resolve => wx.request({
    url: 'https://h/p', timeout: 5, fail: result => { heard.push(result); resolve() }, success: () => heard.push('success'),
  }))
  answer(null, { status: 200, headers: {}, body: '' })
  await settle()
  assert.deepEqual(heard, [{ errMsg: 'request:fail timeout', errno: 5 }])
  assert.equal(broken, true)
})

test('ten transfers run at a time; the others wait, in their order', async () => {
  const answers = []
  const urls = []
  const { wx } = open({
    send: (message, done) => {
      urls.push(message.url)
      answers.push(() => done(null, { status: 200, headers: {}, body: '' }))
    },
  })
  for (let i = 0; i < 12; i++) wx.request({ url: `https://h/${i}` })
  await settle()
  assert.equal(answers.length, 10)
  answers[0]()
  await settle()
  answers[1]()
  await settle()
  assert.deepEqual(urls.slice(10), ['https://h/10', 'https://h/11'])
})

test('a transfer that is aborted while it waits gives up its place', async () => {
  const answers = []
  const { wx } = open({ send: (message, done) => { answers.push(() => done(null, { status: 200, headers: {}, body: '' })) } })
  for (let i = 0; i < 10; i++) wx.request({ url: `https://h/${i}` })
  const waiting = wx.request({ url: 'https://h/waiting' })
  wx.request({ url: 'https://h/last' })
  waiting.abort()
  await settle()
  answers[0]()
  await settle()
  assert.equal(answers.length, 11)
})

test('the headers are told before the answer', async () => {
  const { wx } = open()
  const heard = []
  const task = wx.request({ url: 'https://h/p', success: () => heard.push('success') })
  task.onHeadersReceived(({ header }) => heard.push(header['Content-Type']))
  const other = () => heard.push('taken away')
  task.onHeadersReceived(other)
  task.offHeadersReceived(other)
  await settle()
  assert.deepEqual(heard, ['application/json', 'success'])
})

test('complete comes after success and after fail, with the same result', async () => {
  const heard = []
  const note = name => result => heard.push([name, result.errMsg])
  open().wx.request({ url: 'https://h/p', success: note('success'), complete: note('complete') })
  open().wx.request({ url: 'no', fail: note('fail'), complete: note('complete') })
  await settle()
  assert.deepEqual(heard.sort(), [
    ['complete', 'request:fail invalid url "no"'], ['complete', 'request:ok'],
    ['fail', 'request:fail invalid url "no"'], ['success', 'request:ok'],
  ])
})

test('no callback comes before the call has returned', () => {
  const { wx } = open({ send: (message, done) => done(null, { status: 200, headers: {}, body: '' }) })
  let returned = false
  const check = () => assert.equal(returned, true)
  wx.request({ url: 'https://h/p', complete: check })
  wx.request({ url: 'no', complete: check })
  wx.login({ complete: check })
  wx.setStorage({ key: 'k', data: 1, complete: check })
  wx.showToast({ title: 't', complete: check })
  returned = true
})

// ---- wx.uploadFile ---------------------------------------------------------------------------

test('an upload is multipart/form-data: the fields, then the file', async () => {
  const file = { name: 'a".jpg', type: 'image/jpeg', bytes: Buffer.from([0, 255]) }
  const { wx, sent } = open({ readFile: (path, done) => (path === 'wxfile://a' ? done(null, file) : done(new Error('gone'))) })
  const [kind, result] = await outcome(wx.uploadFile, {
    url: 'https://h/up', filePath: 'wxfile://a', name: 'avatar', formData: { k: 'v' },
    header: { 'Content-Type': 'text/plain', Authorization: 'Bearer t' },
  })
  assert.equal(kind, 'success')
  assert.equal(result.data, '{"a":1}', 'text, however much it looks like JSON')

  const [message] = sent
  assert.equal(message.url, 'https://h/up')
  assert.equal(message.method, 'POST')
  assert.equal(message.headers.Authorization, 'Bearer t')
  assert.equal(message.headers['Content-Type'], undefined)
  const boundary = /^multipart\/form-data; boundary=(\w+)$/.exec(message.headers['content-type'])[1]
  assert.deepEqual(message.body, [
    `--${boundary}\r\nContent-Disposition: form-data; name="k"\r\n\r\nv\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="avatar"; filename="a%22.jpg"\r\n` +
      'Content-Type: image/jpeg\r\n\r\n',
    file.bytes,
    `\r\n--${boundary}--\r\n`,
  ])
})

test('an upload of a file that is not there, without a name or to nowhere, fails', async () => {
  const { wx, sent } = open({ readFile: (path, done) => done(new Error('gone')) })
  const gone = await outcome(wx.uploadFile, { url: 'https://h/up', filePath: 'x', name: 'f' })
  assert.deepEqual(gone, ['fail', { errMsg: 'uploadFile:fail file not found' }])
  const nameless = await outcome(wx.uploadFile, { url: 'https://h/up', filePath: 'x' })
  assert.match(nameless[1].errMsg, /parameter\.name/)
  const nowhere = await outcome(wx.uploadFile, { url: '/up', filePath: 'x', name: 'f' })
  assert.match(nowhere[1].errMsg, /^uploadFile:fail invalid url/)
  assert.equal((await outcome(open().wx.uploadFile, { url: 'https://h/up', filePath: 'x', name: 'f' }))[0], 'fail')
  assert.equal(sent.length, 0)
})

// ---- login and profile -----------------------------------------------------------------------

const code = { status: 200, headers: {}, body: '{"code":"c1","appid":"touristappid","openid":"o"}' }

test('wx.login gives a code, and nothing else of what the simulator says', async () => {
  const { wx, sent } = open({ openId: 'oBob', unionId: 'uBob', appId: 'wx1' }, code)
  assert.deepEqual(await outcome(wx.login), ['success', { errMsg: 'login:ok', code: 'c1' }])
  assert.equal(sent[0].url, `${BASE}/sim/login`)
  assert.deepEqual(JSON.parse(sent[0].body), { appid: 'wx1', openid: 'oBob', unionid: 'uBob' })
})

test('wx.login has no promise', () => {
  assert.equal(open({}, code).wx.login({}), undefined)
})

test('wx.login fails with what the simulator says, or if there is none', async () => {
  const refused = open({}, { status: 400, headers: {}, body: '{"error":"unknown appid"}' })
  assert.deepEqual(await outcome(refused.wx.login), ['fail', { errMsg: 'login:fail unknown appid' }])
  const strange = open({}, { status: 405, headers: {}, body: '<html>' })
  assert.match((await outcome(strange.wx.login))[1].errMsg, /405/)
  const away = open({}, new Error('ECONNREFUSED'))
  assert.deepEqual(await outcome(away.wx.login), ['fail', { errMsg: 'login:fail ECONNREFUSED' }])
})

/** A WeChat that gives codes, and holds a key or not. */
const weChat = (valid, sent = []) => (message, done) => {
  sent.push(message.url)
  const body = message.url.endsWith('/sim/session') ? `{"valid":${valid}}` : '{"code":"c1"}'
  setImmediate(done, null, { status: 200, headers: {}, body })
}
const OVER = ['fail', { errMsg: 'checkSession:fail session time out, need relogin', errCode: -13001 }]

test('wx.checkSession speaks of the latest code of this phone', async () => {
  const { wx } = open({ send: weChat(true) })
  assert.deepEqual(await outcome(wx.checkSession), OVER)
  await outcome(wx.login)
  assert.deepEqual(await outcome(wx.checkSession), ['success', { errMsg: 'checkSession:ok' }])
})

test('wx.checkSession fails once WeChat holds no key of the user any more, or cannot be asked', async () => {
  const forgotten = open({ send: weChat(false) })
  await outcome(forgotten.wx.login)
  assert.deepEqual(await outcome(forgotten.wx.checkSession), OVER)

  const host = { send: weChat(true), weChatStorage: new MemoryStorage() }
  await outcome(open(host).wx.login)
  const away = open({ ...host, send: (message, done) => setImmediate(done, new Error('ECONNREFUSED')) })
  assert.deepEqual(await outcome(away.wx.checkSession), OVER)
})

test('wx.checkSession remembers a code of an earlier launch, but not another user\'s', async () => {
  const weChatStorage = new MemoryStorage()
  await outcome(open({ send: weChat(true), weChatStorage, openId: 'oBob' }).wx.login)

  const later = open({ send: weChat(true), weChatStorage, openId: 'oBob' }).wx
  assert.equal((await outcome(later.checkSession))[0], 'success')
  later.clearStorageSync()
  assert.equal((await outcome(later.checkSession))[0], 'success')
  assert.deepEqual(await outcome(open({ send: weChat(true), weChatStorage, openId: 'oEve' }).wx.checkSession), OVER)
})

const profile = { status: 200, headers: {}, body: '{"rawData":"{}","signature":"s","encryptedData":"e","iv":"i","userInfo":{"nickName":"微信用户"}}' }

test('getUserInfo and getUserProfile give what the simulator signs', async () => {
  for (const [name, options] of [['getUserInfo', {}], ['getUserProfile', { desc: '展示' }]]) {
    const { wx, sent } = open({ userInfo: { nickName: '老王' } }, profile)
    const [, result] = await outcome(wx[name], options)
    assert.equal(result.errMsg, `${name}:ok`)
    assert.equal(result.signature, 's')
    assert.equal(sent[0].url, `${BASE}/sim/profile`)
    assert.deepEqual(JSON.parse(sent[0].body).userInfo, { nickName: '老王' })
  }
})

test('a user who has not agreed to show himself is anonymous', async () => {
  const { wx, sent } = open({}, profile)
  await outcome(wx.getUserInfo)
  assert.equal(JSON.parse(sent[0].body).userInfo, undefined)
})

test('getUserProfile wants a desc', async () => {
  const [kind, result] = await outcome(open().wx.getUserProfile)
  assert.equal(kind, 'fail')
  assert.match(result.errMsg, /desc/)
})

test('refused authorisation fails until openSetting changes it', async () => {
  const host = { authSetting: { 'scope.userInfo': false }, ui: () => ({ authSetting: { 'scope.userInfo': true } }) }
  const { wx } = open(host, profile)
  assert.deepEqual(await outcome(wx.getUserInfo), ['fail', { errMsg: 'getUserInfo:fail auth deny' }])
  assert.deepEqual(await outcome(wx.getUserProfile, { desc: '展示' }), ['fail', { errMsg: 'getUserProfile:fail auth deny' }])
  assert.deepEqual((await wx.getSetting()).authSetting, { 'scope.userInfo': false })
  assert.deepEqual((await wx.openSetting()).authSetting, { 'scope.userInfo': true })
})

test('privacy: asked only while it is needed; agreed and refused', async () => {
  const host = { privacyNeeded: true, ui: () => ({ event: 'disagree' }) }
  const wx = createWx({ send() {}, simulator: BASE, ...host })
  assert.equal((await outcome(wx.getPrivacySetting))[1].needAuthorization, true)
  assert.equal((await outcome(wx.requirePrivacyAuthorize))[1].errno, 104)
  wx.onNeedPrivacyAuthorization(resolve => resolve({ event: 'agree', buttonId: 'b' }))
  assert.equal((await outcome(wx.requirePrivacyAuthorize))[0], 'success')
  assert.equal((await outcome(wx.getPrivacySetting))[1].needAuthorization, false)
  wx.onNeedPrivacyAuthorization(() => assert.fail('is agreed to'))
  assert.equal((await outcome(wx.requirePrivacyAuthorize))[0], 'success')
  assert.equal((await outcome(wx.openPrivacyContract))[0], 'success')
})

// ---- storage, screen, device -----------------------------------------------------------------

test('storage keeps values of every kind, and gives an empty text for what is not there', () => {
  const { wx } = open()
  for (const value of ['text', 0, false, null, [1], { a: { b: '中' } }]) {
    wx.setStorageSync('k', value)
    assert.deepEqual(wx.getStorageSync('k'), value)
  }
  wx.removeStorageSync('k')
  assert.equal(wx.getStorageSync('k'), '')
})

test('storage in callbacks and promises', async () => {
  const { wx } = open()
  assert.deepEqual((await wx.getStorageInfo()).keys, [])
  await wx.setStorage({ key: 'k', data: { a: 1 } })
  assert.deepEqual((await wx.getStorage({ key: 'k' })).data, { a: 1 })
  assert.deepEqual(await outcome(wx.getStorage, { key: 'none' }), ['fail', { errMsg: 'getStorage:fail data not found' }])
  assert.deepEqual((await wx.getStorageInfo()).keys, ['k'])
  await wx.removeStorage({ key: 'k' })
  assert.equal(wx.getStorageSync('k'), '')
  wx.setStorageSync('k', 1)
  await wx.clearStorage()
  assert.deepEqual(wx.getStorageInfoSync().keys, [])
})

test('the host\'s storage is used, and its fullness noticed', async () => {
  const storage = new MemoryStorage()
  const { wx } = open({ storage })
  wx.setStorageSync('k', 1)
  assert.equal(storage.getItem('k'), '1')
  storage.full = true
  assert.throws(() => wx.setStorageSync('k', 2), /exceed storage max size/)
  assert.match((await outcome(wx.setStorage, { key: 'k', data: 2 }))[1].errMsg, /^setStorage:fail exceed/)
})

test('a promise comes if none of the callbacks is given, and only then', async () => {
  const { wx } = open()
  assert.equal((await wx.showToast({ title: 't' })).errMsg, 'showToast:ok')
  assert.equal(wx.showToast({ title: 't', complete() {} }), undefined)
})

test('the host is told what is on the screen, and answers for the user, now or later', async () => {
  const told = []
  for (const answer of [{ confirm: false, cancel: true }, Promise.resolve({ confirm: false, cancel: true })]) {
    const { wx } = open({ ui: (name, options) => { told.push([name, options.title]); return answer } })
    assert.equal((await wx.showModal({ title: 'sure?' })).confirm, false)
  }
  assert.deepEqual(told, [['showModal', 'sure?'], ['showModal', 'sure?']])
})

test('without an answer of the host a modal is confirmed and the first entry chosen', async () => {
  const { wx } = open()
  assert.equal((await wx.showModal({})).confirm, true)
  assert.equal((await wx.showActionSheet({ itemList: ['a'] })).tapIndex, 0)
})

test('a sheet that the host says is closed has failed', async () => {
  const { wx } = open({ ui: () => ({ fail: 'cancel' }) })
  await assert.rejects(wx.showActionSheet({ itemList: ['a'] }), { errMsg: 'showActionSheet:fail cancel' })
})

test('the device is the host\'s', () => {
  const { wx } = open({ deviceInfo: { model: 'iPhone 15' } })
  assert.equal(wx.getDeviceInfo().model, 'iPhone 15')
  assert.equal(wx.getSystemInfoSync().model, 'iPhone 15')
  assert.equal(wx.getAccountInfoSync().miniProgram.appId, 'touristappid')
})
