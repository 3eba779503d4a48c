// Compiled by `tsc --noEmit`, never run: the declarations against their use, and against WeChat's own typings.
import { create, BoundPhone, LoginAnswer, Session, ThirdSessionError, User } from '../app/third-session'

const session = create({
  baseUrl: 'https://login.example.com',
  backends: ['https://shop.example.com'],
  device: true,
  timeout: 10000,
  uploadTimeout: 120000,
  wx,
  onNeedPrivacyAuthorization(resolve, info) {
    const referrer: string = info.referrer
    resolve({ event: 'agree', buttonId: referrer })
  },
})

// What wx says of a device is taken as it is.
create({ baseUrl: 'https://login.example.com', device: wx.getDeviceInfo() })
create({ baseUrl: 'https://login.example.com', device: () => wx.getSystemInfoSync() })
create({ baseUrl: 'https://login.example.com', device: { model: 'scale 3', floor: 2 } })

async function promises(): Promise<void> {
  const login: LoginAnswer = await session.login({ phoneCode: 'c' })
  const user: User = login.user
  const nothing: void = await session.prepare()
  const known: Session | null = await session.checkSession()
  const order = await session.request<{ total: number }>({ url: 'https://shop.example.com/orders', method: 'POST', data: { a: 1 } })
  const total: number = order.data.total
  const upload = await session.uploadFile<{ id: string }>({ url: '/x', filePath: 'f', name: 'n', onTask: task => task.abort() })
  const id: string = upload.data.id
  const changed: User = await session.updateProfile({ nickName: user.nickName, gender: 1 })
  const token: string = await session.thirdSession()
  for (const { sid, appId, address, origin, expiresAt } of await session.sessions()) {
    const shown: string[] = [appId, address, origin, expiresAt]
    void shown
    await session.endSession(sid)
  }
  const leave: () => void = session.onSessionChange(change => {
    if (change.reason === 'ended') console.log(change.user?.nickName)
  })
  leave()
  void [nothing, known, total, id, changed, token]
}

const nothing: void = session.me({
  success(user) { const name: string = user.nickName; void name },
  fail(error) {
    const code: string = error.code
    const retryAfter: number | undefined = error.retryAfter
    void [code, retryAfter]
  },
})

// The official events and results are taken as they are.
Page({
  async onPhone(event: WechatMiniprogram.ButtonGetPhoneNumber) {
    const phone: BoundPhone = await session.bindPhone(event)
    void phone.countryCode
  },
  onAvatar(event: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    session.uploadAvatar(event, { complete() {} })
  },
  onError(error: ThirdSessionError) {
    if (error.code === 'network' && error.reason === 'timeout') void error.errno
  },
})

// @ts-expect-error an address is needed
create({})
// @ts-expect-error a device is more than a name
create({ baseUrl: 'https://login.example.com', device: 'iPhone' })
// @ts-expect-error a profile has no such field
void session.updateProfile({ openid: 'o' })
// @ts-expect-error the gender is 0, 1 or 2
void session.updateProfile({ gender: 3 })
// @ts-expect-error with callbacks there is no promise
void session.me({ success() {} }).then(() => {})
// @ts-expect-error wx.request has no PATCH
void session.request({ url: '/x', method: 'PATCH' })
// @ts-expect-error a session may be missing
void session.checkSession().then(known => known.sid)

void [promises, nothing]
