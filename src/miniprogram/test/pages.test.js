'use strict'

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { startApp } = require('./support/pages')
const { settle } = require('./support/tools')

const APP = path.join(__dirname, '../app')
const OK = 'getPhoneNumber:ok'
const sessions = server => [...server.sessions.keys()]

/** The page at its first show, when all answers are there. */
async function opened(app, name) {
  const page = app.open(name)
  await page.call('onShow')
  return page
}

// ---- user ------------------------------------------------------------------------------------

test('launch and first page log in once, and the user page shows head photo, name and title', async () => {
  const app = startApp()
  Object.assign(app.server.user, { nickName: '老王', title: '今天也要加油', avatarUrl: 'https://login.example/avatars/a' })
  app.launchApp()
  const page = await opened(app, 'user')

  assert.equal(page.data().isLogin, 1)
  assert.equal(page.text('.profile__name'), '老王')
  assert.equal(page.text('.profile__title'), '今天也要加油')
  assert.equal(page.attribute('.avatar', 'src'), 'https://login.example/avatars/a')
  assert.equal(app.logins.count, 1)
})

test('the login of the sample names the device', async () => {
  const app = startApp()
  await opened(app, 'user')
  assert.equal(app.server.last('/api/login').json.device.model, 'iPhone 15')
})

test('who has no name and no title yet sees what is missing', async () => {
  const page = await opened(startApp(), 'user')
  assert.equal(page.text('.profile__name'), '未设置昵称')
  assert.equal(page.text('.profile__title'), '这个人很懒，什么也没留下')
  assert.equal(page.text('.phone'), '未绑定')
})

test('the screen says which server it is, and that the simulator answers', async () => {
  assert.equal((await opened(startApp(), 'user')).text('.server'), '服务器：https://login.example（由模拟器代替微信）')
  assert.equal((await opened(startApp({ config: { simulator: false } }), 'user')).text('.server'), '服务器：https://login.example')
})

test('logout asks, ends the session, and offers to log in again', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  page.fire('.logout', 'tap')
  await settle()
  assert.equal(page.data().isLogin, 2)
  assert.deepEqual(sessions(app.server), [])
  assert.equal(page.text('.profile__name'), null)

  page.fire('.login', 'tap')
  await settle()
  assert.equal(page.data().isLogin, 1)
  assert.equal(app.logins.count, 2)
})

test('a logout that the user thinks better of is none', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.choices.showModal = { confirm: false, cancel: true }
  await page.call('onLogout')
  assert.equal(page.data().isLogin, 1)
  assert.equal(app.server.sessions.size, 1)
})

test('a logout without a network is one, and says that the server does not know', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.answerNext('/api/session', new Error('connection refused'))
  await page.call('onLogout')
  assert.equal(page.data().isLogin, 2)
  assert.match(page.text('.notice'), /未能通知服务器/)
})

test('trying a failed logout again tells the server, and logs nobody in', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.answerNext('/api/session', new Error('connection refused'))
  await page.call('onLogout')
  page.fire('.retry', 'tap')
  await settle()
  assert.deepEqual(sessions(app.server), [])
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.notice'), null)
  assert.equal(app.logins.count, 1)
})

test('a logout that cannot be stored says that the next launch logs in, until it could be', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.host.storage.full = true
  await page.call('onLogout')
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.notice'), '已退出登录，但本机存储不可用：下次打开时会重新登录')

  app.host.storage.full = false
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.text('.notice'), null)
  assert.equal(app.launch().state().loggedOut, true)
})

test('a logout that fails after the next login does not offer to log out again', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.answerNext('/api/session', new Error('connection refused'))
  const release = app.server.hold('/api/session')
  const logout = page.call('onLogout')
  await settle()
  await page.call('onLogin')
  release()
  await logout
  assert.equal(page.text('.notice'), null)
  assert.equal(page.data().isLogin, 1)
})

/** The page asks for the user; the answer is ready, and does not come before it is released. */
async function withUserUnderWay() {
  const app = startApp()
  const page = await opened(app, 'user')
  const user = { ...app.server.user, nickName: '老王' }
  app.server.answerNext('/api/me', { status: 200, headers: {}, body: JSON.stringify(user) })
  const release = app.server.hold('/api/me')
  const shown = page.call('onShow')
  await settle()
  return { app, page, arrive: () => { release(); return shown } }
}

test('a user who comes after a logout is not shown', async () => {
  const { page, arrive } = await withUserUnderWay()
  await page.call('onLogout')
  await arrive()
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.profile__name'), null)
  assert.equal(page.data().busy, false)
})

test('a user who comes after a logout leaves alone what came of the next login', async () => {
  const { app, page, arrive } = await withUserUnderWay()
  await page.call('onLogout')
  const release = app.server.hold('/api/login')
  const login = page.call('onLogin')
  await arrive()
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.data().busy, true)
  release()
  await login
  assert.equal(page.text('.profile__name'), '未设置昵称')
  assert.equal(page.data().busy, false)
})

test('what a logout has overtaken does not take its notice away', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  const release = app.server.hold('/api/me')
  const shown = page.call('onShow')
  await settle()
  app.server.answerNext('/api/session', new Error('connection refused'))
  await page.call('onLogout')
  app.server.endAllSessions()
  release()
  await shown
  assert.match(page.text('.notice'), /未能通知服务器/)
})

test('who has logged out is not logged in by showing the page again, nor by the next launch', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  await page.call('onLogout')
  await page.call('onShow')
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.notice'), null)
  assert.equal(app.logins.count, 1)
})

test('a launch without a network says so and can be tried again', async () => {
  const app = startApp()
  app.server.answerNext('/sim/login', new Error('connection refused'))
  const page = await opened(app, 'user')
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.notice'), '微信登录失败，请稍后再试')
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.data().isLogin, 1)
  assert.equal(page.text('.notice'), null)
})

/** A second launch whose session lives, while WeChat is away and the phone's key is gone. */
async function launchedWithoutWeChat(config) {
  const before = startApp({ config })
  await before.session.login()
  before.server.user.maskedPhone = '135****6666'
  const app = startApp({
    config,
    host: { storage: before.host.storage, send: before.server.send },
    wx: { checkSession: ({ fail }) => setImmediate(fail, { errMsg: 'checkSession:fail session time out' }) },
  })
  before.server.answerNext('/api/login', {
    status: 503, headers: {}, body: '{"error":"wechat_unreachable","message":"微信暂时不可用","retryable":true}',
  }, 9)
  app.launchApp()
  return app
}

test('WeChat away at launch hides nobody whose session lives', async () => {
  const app = await launchedWithoutWeChat()
  const page = await opened(app, 'user')
  await settle()
  assert.equal(page.data().isLogin, 1)
  assert.equal(page.text('.phone'), '135****6666')
  assert.equal(page.text('.notice'), null)
})

test('WeChat away lets a bound number be seen and unbound, and the phone button rest', async () => {
  const page = await opened(await launchedWithoutWeChat({ simulator: false }), 'phone')
  await settle()
  assert.equal(page.text('.bound'), '135****6666')
  assert.equal(page.attribute('.tap', 'disabled'), true)
  assert.equal(page.text('.notice'), '微信暂时不可用')
  page.fire('.unbind', 'tap')
  await settle()
  assert.equal(page.text('.bound'), '未绑定')
})

test('a login that fails can be tried again', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  await page.call('onLogout')
  app.server.answerNext('/api/login', new Error('connection refused'))
  await page.call('onLogin')
  assert.equal(page.text('.notice'), '网络不通，请稍后再试')
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.data().isLogin, 1)
})

test('a network that is gone for a moment does not log out what is on the screen', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.answerNext('/api/me', new Error('connection refused'))
  await page.call('onShow')
  assert.equal(page.data().isLogin, 1)
  assert.equal(page.text('.notice'), '网络不通，请稍后再试')
})

test('a session that the server has ended is replaced without anybody noticing', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.endAllSessions()
  await page.call('onShow')
  assert.equal(page.data().isLogin, 1)
  assert.equal(app.logins.count, 2)
})

test('erasing asks, erases, and is a logout', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  page.fire('.erase', 'tap')
  await settle()
  assert.equal(app.server.count('DELETE', '/api/me'), 1)
  assert.equal(page.data().isLogin, 2)
})

test('an erasing that fails can be tried again', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  app.server.answerNext('/api/me', new Error('connection refused'))
  await page.call('onErase')
  assert.equal(page.data().isLogin, 1)
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.data().isLogin, 2)
  assert.equal(page.text('.notice'), null)
})

test('a page that is closed hears no more of the session', async () => {
  const app = startApp()
  const page = await opened(app, 'user')
  page.page.detach()
  await app.session.logout()
  assert.equal(page.data().isLogin, 1)
})

// ---- profile ---------------------------------------------------------------------------------

const file = (path, done) => done(null, { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from([1, 2]) })

async function profileOpened(app) {
  const page = app.open('profile')
  await page.call('onLoad')
  return page
}

test('the picture of chooseAvatar is uploaded and shown', async () => {
  const app = startApp({ host: { readFile: file } })
  const page = await profileOpened(app)
  page.fire('.choose', 'chooseavatar', { avatarUrl: 'wxfile://tmp/a.jpg' })
  await settle()
  assert.equal(app.server.count('POST', '/api/me/avatar'), 1)
  assert.equal(page.data().user.avatarUrl, 'https://login.example/avatars/abc')
})

async function submitted(page, value) {
  await page.call('onSubmit', { detail: { value } })
  await settle()
}

test('name and title come from the form and are saved together', async () => {
  const app = startApp()
  const page = await profileOpened(app)
  await submitted(page, { nickName: '老王', title: '今天也要加油' })
  assert.deepEqual(app.server.last('/api/me').json, { nickName: '老王', title: '今天也要加油' })
  assert.equal(app.told('showToast')[0].title, '已保存')
  assert.equal(app.told('navigateBack').length, 1)
})

/** The profile page of somebody who has both. */
async function ofOldWang() {
  const app = startApp()
  Object.assign(app.server.user, { nickName: '老王', title: '今天也要加油' })
  return { app, page: await profileOpened(app) }
}

test('only what was changed is sent', async () => {
  const { app, page } = await ofOldWang()
  await submitted(page, { nickName: '老王', title: '' })
  assert.deepEqual(app.server.last('/api/me').json, { title: '' })
})

test('a profile that was not loaded cannot be saved, and can be loaded again', async () => {
  const app = startApp()
  Object.assign(app.server.user, { nickName: '老王', title: '今天也要加油' })
  app.server.answerNext('/api/me', new Error('connection reset'))
  const page = await profileOpened(app)
  assert.equal(page.attribute('.save', 'disabled'), true)
  await submitted(page, { nickName: '小王', title: '' })
  assert.equal(app.server.count('POST', '/api/me'), 0)

  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.attribute('.save', 'disabled'), false)
  assert.equal(page.text('.notice'), null)
  assert.equal(page.text('.retry'), null)
  assert.equal(page.data().user.title, '今天也要加油')
})

test('a nickname that WeChat has cleared leaves the old one, and the user hears of it', async () => {
  const { app, page } = await ofOldWang()
  await submitted(page, { nickName: '', title: '换一句' })
  assert.deepEqual(app.server.last('/api/me').json, { title: '换一句' })
  assert.equal(app.server.user.nickName, '老王')
  assert.equal(page.text('.notice'), '昵称为空或未通过微信审核，没有修改')
  assert.equal(app.told('navigateBack').length, 0)
})

test('a first nickname that WeChat has cleared is not called saved', async () => {
  const app = startApp()
  const page = await profileOpened(app)
  page.call('onNickname', { detail: { value: '坏名字' } })
  await submitted(page, { nickName: '', title: '' })
  assert.equal(app.server.count('POST', '/api/me'), 0)
  assert.equal(page.text('.notice'), '昵称为空或未通过微信审核，没有修改')
  assert.equal(app.told('showToast').length, 0)
})

test('who has changed nothing is back without a request', async () => {
  const { app, page } = await ofOldWang()
  await submitted(page, { nickName: '老王', title: '今天也要加油' })
  assert.equal(app.server.count('POST', '/api/me'), 0)
  assert.equal(app.told('navigateBack').length, 1)
})

test('the nickname is typed into an input of type nickname', async () => {
  const page = await profileOpened(startApp())
  assert.equal(page.attribute('.cell__input', 'type'), 'nickname')
})

test('what the server refuses is shown, and the page stays', async () => {
  const app = startApp()
  const page = await profileOpened(app)
  app.server.answerNext('/api/me', { status: 400, headers: {}, body: '{"error":"invalid_request","message":"昵称过长","field":"nickName"}' })
  await page.call('onSubmit', { detail: { value: { nickName: 'x', title: '' } } })
  assert.equal(page.text('.notice'), '昵称过长')
  assert.equal(app.told('navigateBack').length, 0)
})

// ---- phone -----------------------------------------------------------------------------------

const real = { config: { simulator: false } }

test('the phone button rests until the login is done', async () => {
  const app = startApp(real)
  const page = app.open('phone')
  assert.equal(page.attribute('.tap', 'disabled'), true)
  await page.call('onShow')
  assert.equal(page.attribute('.tap', 'disabled'), false)
  assert.equal(app.logins.count, 1)
})

test('the phone button rests if the login has failed', async () => {
  const app = startApp(real)
  app.server.answerNext('/api/login', new Error('connection refused'))
  const page = await opened(app, 'phone')
  assert.equal(page.attribute('.tap', 'disabled'), true)
  assert.equal(page.text('.notice'), '网络不通，请稍后再试')
})

test('a login that failed before the tap can be tried again', async () => {
  const app = startApp(real)
  app.server.answerNext('/api/login', new Error('connection refused'))
  const page = await opened(app, 'phone')
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.attribute('.tap', 'disabled'), false)
  assert.equal(page.text('.notice'), null)
  assert.equal(page.text('.retry'), null)
})

test('the phone button rests at each show of the page until the login is done, and the notice of before goes', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  await page.call('onPhone', { detail: { errMsg: 'getPhoneNumber:fail user deny' } })
  const release = app.server.hold('/api/session')
  const shown = page.call('onShow')
  await settle()
  assert.equal(page.attribute('.tap', 'disabled'), true)
  assert.equal(page.text('.notice'), null)
  release()
  await shown
  assert.equal(page.attribute('.tap', 'disabled'), false)
})

test('what an earlier show of the page was waiting for does not wake the phone button of a later one', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  const releaseUser = app.server.hold('/api/me')
  const first = page.call('onShow')
  await settle()
  const releaseSession = app.server.hold('/api/session')
  const second = page.call('onShow')
  await settle()
  releaseUser()
  await first
  assert.equal(page.attribute('.tap', 'disabled'), true)
  releaseSession()
  await second
  assert.equal(page.attribute('.tap', 'disabled'), false)
})

test('a number that was bound is shown though the user cannot be had afterwards, and nothing asks for another tap', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  app.server.phoneCodes.add('phone-1')
  app.server.answerNext('/api/me', new Error('connection reset'))
  await page.call('onPhone', { detail: { errMsg: OK, code: 'phone-1' } })
  assert.equal(page.text('.number'), '13580006666')
  assert.equal(page.text('.bound'), '13580006666')
  assert.equal(page.text('.notice'), null)
  assert.equal(page.attribute('.tap', 'disabled'), false)
})

test('the phone button rests from the event to the answer, and the number is shown', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  app.server.phoneCodes.add('phone-1')
  const release = app.server.hold('/api/me/phone')

  page.fire('.tap', 'getphonenumber', { errMsg: OK, code: 'phone-1' })
  await settle()
  assert.equal(page.attribute('.tap', 'disabled'), true)
  page.call('onPhone', { detail: { errMsg: OK, code: 'phone-2' } }) // a second tap that was faster than the screen

  release()
  await settle()
  assert.equal(page.attribute('.tap', 'disabled'), false)
  assert.equal(app.server.count('POST', '/api/me/phone'), 1)
  assert.equal(page.text('.number'), '13580006666')
  assert.equal(page.text('.bound'), '135****6666')
  assert.equal(app.logins.count, 1, 'no login after the tap')
})

test('each refusal is told in its own words, and the button can be tapped again', async () => {
  const refusals = [
    [{ errMsg: 'getPhoneNumber:fail user deny' }, /没有提供手机号/],
    [{ errMsg: 'getPhoneNumber:fail no permission' }, /不能获取手机号/],
    [{ errMsg: 'getPhoneNumber:fail', errno: 112 }, /尚未在《用户隐私保护指引》/],
    [{ errMsg: 'getPhoneNumber:fail', errno: 104 }, /未同意隐私保护指引/],
  ]
  const app = startApp(real)
  const page = await opened(app, 'phone')
  for (const [detail, words] of refusals) {
    await page.call('onPhone', { detail })
    assert.match(page.text('.notice'), words)
    assert.equal(page.attribute('.tap', 'disabled'), false)
    assert.equal(page.text('.setting'), '授权设置')
  }
  assert.equal(app.server.count('POST', '/api/me/phone'), 0)
})

test('who refuses the privacy guide may read it', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  await page.call('onPhone', { detail: { errMsg: 'getPhoneNumber:fail', errno: 103 } })
  await settle()
  assert.equal(app.told('openPrivacyContract').length, 1)

  app.choices.showModal = { confirm: false }
  await page.call('onPhone', { detail: { errMsg: 'getPhoneNumber:fail', errno: 103 } })
  assert.equal(app.told('openPrivacyContract').length, 1)
})

test('with the quota gone the button is not offered any more', async () => {
  const page = await opened(startApp(real), 'phone')
  await page.call('onPhone', { detail: { errMsg: 'getPhoneNumber:fail', errno: 1400001 } })
  assert.equal(page.text('.tap'), null)
  assert.match(page.text('.notice'), /额度已用完/)
})

test('an answer that got lost: the page asks whether the number has arrived', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  app.server.answerNext('/api/me/phone', new Error('connection reset'), 2)

  await page.call('onPhone', { detail: { errMsg: OK, code: 'c' } })
  assert.equal(page.text('.notice'), '网络不通，请稍后再试')

  app.server.user.maskedPhone = '135****6666'
  await page.call('onPhone', { detail: { errMsg: OK, code: 'c' } })
  assert.equal(page.text('.notice'), null)
  assert.equal(page.text('.bound'), '135****6666')
})

test('a code that the server refuses is told in the server\'s words', async () => {
  const app = startApp(real)
  const page = await opened(app, 'phone')
  await page.call('onPhone', { detail: { errMsg: OK, code: 'spent' } })
  assert.equal(page.text('.notice'), 'phone_code_invalid')
})

test('with the simulator the event comes from it', async () => {
  const app = startApp()
  const page = await opened(app, 'phone')
  page.fire('.tap', 'tap')
  await settle()
  assert.equal(app.server.count('POST', '/sim/phone'), 1)
  assert.deepEqual(app.server.last('/api/me/phone').json, { code: 'phone-1', encryptedData: 'ZGF0YQ==', iv: 'aXY=' })
  assert.equal(page.text('.bound'), '135****6666')
})

test('with the simulator each refusal can be tried', async () => {
  const app = startApp()
  const page = await opened(app, 'phone')
  const words = { 1: /没有提供手机号/, 2: /未同意隐私保护指引/, 4: /不能获取手机号/, 3: /额度已用完/ }
  for (const tapIndex of [1, 2, 4, 3]) {
    app.choices.showActionSheet = { tapIndex }
    await page.call('onSimulatedTap')
    assert.match(page.text('.notice'), words[tapIndex])
  }
  assert.equal(app.server.count('POST', '/sim/phone'), 0)
})

test('closing the simulator\'s sheet is no tap', async () => {
  const app = startApp({ wx: { showActionSheet: ({ fail }) => setImmediate(fail, { errMsg: 'showActionSheet:fail cancel' }) } })
  const page = await opened(app, 'phone')
  await page.call('onSimulatedTap')
  assert.equal(page.text('.notice'), null)
})

test('where there is no simulator the tap says so', async () => {
  const app = startApp()
  const page = await opened(app, 'phone')
  for (const reply of [new Error('connection refused'), { status: 405, headers: {}, body: '{}' }]) {
    app.server.answerNext('/sim/phone', reply)
    await page.call('onSimulatedTap')
    assert.match(page.text('.notice'), /不能获取手机号/)
  }
})

test('a number can be unbound', async () => {
  const app = startApp()
  app.server.user.maskedPhone = '135****6666'
  const page = await opened(app, 'phone')
  page.fire('.unbind', 'tap')
  await settle()
  assert.equal(app.server.count('DELETE', '/api/me/phone'), 1)
  assert.equal(page.text('.bound'), '未绑定')
  assert.equal(page.text('.unbind'), null)
})

// ---- devices ---------------------------------------------------------------------------------

async function withTwoDevices() {
  const app = startApp()
  await app.session.login()
  app.server.sessions.set('3rd_other', { sid: 'sid-other', device: { model: 'Pad', system: 'Android 14' } })
  return { app, page: await opened(app, 'devices') }
}

test('the devices are listed, this one without a button to end it', async () => {
  const { page } = await withTwoDevices()
  assert.deepEqual(page.data().devices.map(device => device.name), ['Apple iPhone 15', 'Pad'])
  assert.match(page.data().devices[1].about, /^Android 14 · 11-2\d \d\d:41$/)
  assert.equal(page.all('.device').length, 2)
  assert.equal(page.all('.end').length, 1)
})

test('another device can be ended', async () => {
  const { app, page } = await withTwoDevices()
  page.fire('.end', 'tap')
  await settle()
  assert.deepEqual(sessions(app.server), ['3rd_1'])
  assert.equal(page.all('.device').length, 1)
  assert.equal(page.text('.others'), null)
})

test('all others can be ended', async () => {
  const { app, page } = await withTwoDevices()
  page.fire('.others', 'tap')
  await settle()
  assert.deepEqual(sessions(app.server), ['3rd_1'])
})

test('nothing ends without a yes', async () => {
  const { app, page } = await withTwoDevices()
  app.choices.showModal = { confirm: false }
  page.fire('.others', 'tap')
  await settle()
  assert.equal(app.server.sessions.size, 2)
})

test('a device that is gone already just leaves the list', async () => {
  const { app, page } = await withTwoDevices()
  app.server.sessions.delete('3rd_other')
  page.fire('.end', 'tap')
  await settle()
  assert.equal(page.all('.device').length, 1)
  assert.equal(page.text('.notice'), null)
})

test('a list that cannot be had, or an end that fails, is shown', async () => {
  const { app, page } = await withTwoDevices()
  app.server.answerNext('/api/sessions/sid-other', new Error('connection refused'))
  page.fire('.end', 'tap')
  await settle()
  assert.equal(page.text('.notice'), '网络不通，请稍后再试')

  app.server.answerNext('/api/sessions', { status: 503, headers: {}, body: '{"error":"storage_unavailable","message":"稍后再试"}' })
  await page.call('onShow')
  assert.equal(page.text('.notice'), '稍后再试')
})

test('a list that could not be had can be asked for again', async () => {
  const app = startApp()
  app.server.answerNext('/api/sessions', new Error('connection reset'))
  const page = await opened(app, 'devices')
  page.fire('.retry', 'tap')
  await settle()
  assert.equal(page.text('.notice'), null)
  assert.equal(page.data().devices.length, 1)
})

// ---- notices ---------------------------------------------------------------------------------

test('each page says what went wrong before anything else, and aloud', async () => {
  for (const name of ['user', 'profile', 'phone', 'devices']) {
    const app = startApp()
    const page = app.open(name)
    page.page.setData({ notice: '网络不通', isLogin: 1, busy: false })
    await settle()
    const [first] = page.page.querySelector('.page').dom.children
    assert.equal(first.querySelector('.notice, [class*=notice]').textContent.trim(), '网络不通', name)
    assert.match(fs.readFileSync(path.join(APP, 'pages', name, `${name}.wxml`), 'utf8'), /"warning" aria-role="alert"/)
  }
})

test('a device that said nothing of itself, or has a broken time, is listed all the same', async () => {
  const app = startApp()
  await app.session.login()
  app.server.answerNext('/api/sessions', { status: 200, headers: {}, body: '{"sessions":[{"sid":"s","current":false,"lastSeenAt":"x"}]}' })
  const page = await opened(app, 'devices')
  assert.equal(page.text('.device__name'), '未知设备')
  assert.equal(page.data().devices[0].about, '')
})

// ---- other places ----------------------------------------------------------------------------

test('opened from Moments the sample shows what is for everybody and the way on, and nothing pops up', async () => {
  const app = startApp({ host: { scene: 1154 } })
  app.launchApp()
  const page = await opened(app, 'user')
  await settle()
  assert.match(page.text('.single-page'), /前往小程序/)
  assert.equal(page.text('.login'), null)
  assert.equal(page.text('.notice'), null)
  assert.equal(page.text('.loading'), null)
  assert.equal(app.logins.count, 0)
  assert.equal(app.server.requests.length, 0)
  assert.deepEqual(app.ui, [])
})

test('outside of Moments there is no hint of the way on', async () => {
  assert.equal((await opened(startApp(), 'user')).text('.single-page'), null)
})

test('the user page may be shared to Moments', () => {
  const page = startApp().open('user')
  assert.ok(page.call('onShareAppMessage').path)
  assert.ok(page.call('onShareTimeline').title)
})

test('the button for a number verified just now stands beside the other', async () => {
  const page = await opened(startApp({ config: { simulator: false } }), 'phone')
  assert.equal(page.text('.tap'), '获取手机号')
  assert.equal(page.text('.tap-realtime'), '实时验证手机号')
})

test('the number verified just now is bound', async () => {
  const app = startApp()
  const page = await opened(app, 'phone')
  app.server.phoneCodes.add('phone-1')
  await page.call('onRealtimePhone', { detail: { errMsg: 'getRealtimePhoneNumber:ok', code: 'phone-1' } })
  assert.equal(page.text('.number'), '13580006666')
})

test('with the quota of one phone button gone, the other is still there', async () => {
  const page = await opened(startApp(), 'phone')
  await page.call('onRealtimePhone', { detail: { errMsg: 'getRealtimePhoneNumber:fail', errno: 1400001 } })
  assert.equal(page.text('.tap-realtime'), null)
  assert.equal(page.text('.tap'), '获取手机号')
})

test('with the simulator the other button has its own words and bears no encrypted data', async () => {
  const app = startApp()
  const page = await opened(app, 'phone')
  app.choices.showActionSheet = { tapIndex: 0 }
  app.server.phoneCodes.add('phone-1')
  app.server.answerNext('/sim/phone', {
    status: 200, headers: {}, body: '{"errMsg":"getPhoneNumber:ok","code":"phone-1","encryptedData":"a","iv":"b"}',
  })
  await page.call('onSimulatedRealtimeTap')
  assert.deepEqual(app.server.last('/api/me/phone').json, { code: 'phone-1' })
  assert.equal(page.text('.number'), '13580006666')
})
