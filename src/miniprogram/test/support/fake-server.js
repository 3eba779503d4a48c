'use strict'

/**
 * A login server and its simulator in memory, spoken to as a host's `send`. It keeps to the documented API as far as
 * the client library can notice, and does on request what servers should not: see `answerNext` and `hold`.
 */
class FakeServer {
  constructor() {
    this.requests = []
    this.codes = new Map() // code → used
    this.sessions = new Map() // token → session
    this.scripted = []
    this.held = []
    this.user = { userId: 'u-1', nickName: '', avatarUrl: '', gender: 0, title: '', maskedPhone: null }
    this.phoneCodes = new Set()
    this.expiresIn = 604799
    this.send = this.send.bind(this)
  }

  /** The next request to `path` (in any method) is answered by `reply`: {status, headers, body}, or an Error. */
  answerNext(path, reply, times = 1) {
    for (let i = 0; i < times; i++) this.scripted.push({ path, reply })
  }

  /** Requests to `path` wait until the function that this returns is called. */
  hold(path) {
    let release
    const opened = new Promise(resolve => { release = resolve })
    this.held.push({ path, opened })
    return () => {
      this.held = this.held.filter(entry => entry.opened !== opened)
      release()
    }
  }

  /** As after "end all my sessions" on another device, or a restored backup. */
  endAllSessions() {
    this.sessions.clear()
  }

  count(method, path) {
    return this.requests.filter(request => request.method === method && request.path === path).length
  }

  last(path) {
    return this.requests.filter(request => request.path === path).pop()
  }

  send(message, done) {
    const request = this.record(message)
    let broken = false
    const hold = this.held.find(entry => entry.path === request.path)
    Promise.resolve(hold && hold.opened).then(() => setImmediate(() => {
      if (broken) return
      const reply = this.reply(request)
      if (reply instanceof Error) done(reply)
      else done(null, reply)
    }))
    return () => { broken = true }
  }

  record(message) {
    const url = new URL(message.url)
    const headers = {}
    for (const name of Object.keys(message.headers)) headers[name.toLowerCase()] = message.headers[name]
    const request = {
      method: message.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body: message.body,
      token: (headers.authorization || '').replace('Bearer ', '') || undefined,
    }
    const json = typeof request.body === 'string' && (headers['content-type'] || '').startsWith('application/json')
    request.json = json ? JSON.parse(request.body) : undefined
    this.requests.push(request)
    return request
  }

  reply(request) {
    const index = this.scripted.findIndex(entry => entry.path === request.path)
    if (index >= 0) return this.scripted.splice(index, 1)[0].reply
    const answer = this.handle(request)
    return {
      status: answer.status,
      headers: { 'Content-Type': 'application/json;charset=utf-8', 'X-Request-Id': 'request-1' },
      body: answer.body === undefined ? '' : JSON.stringify(answer.body),
    }
  }

  handle(request) {
    const call = `${request.method} ${request.path}`
    if (call === 'POST /sim/login') return this.newCode()
    if (call === 'POST /sim/session') return this.ok({ valid: this.codes.size > 0 })
    if (call === 'POST /sim/phone') return this.newPhoneEvent()
    if (call === 'POST /api/login') return this.login(request)

    const session = this.sessions.get(request.token)
    if (!session) return failure(401, 'session_invalid', { relogin: true })
    if (call === 'GET /api/session') return this.ok(this.describe(session))
    if (call === 'DELETE /api/session') return this.end(request.token)
    if (call === 'GET /api/sessions') return this.ok({ sessions: this.list(session) })
    if (call === 'POST /api/sessions/end') return this.endMany(session, request.json.which)
    if (call.startsWith('DELETE /api/sessions/')) return this.endOne(request.path.split('/').pop())
    if (call === 'GET /api/me') return this.ok(this.user)
    if (call === 'POST /api/me') return this.ok(Object.assign(this.user, request.json))
    if (call === 'POST /api/me/avatar') return this.avatar()
    if (call === 'POST /api/me/phone') return this.bindPhone(request.json)
    if (call === 'DELETE /api/me/phone') return this.unbindPhone()
    if (call === 'DELETE /api/me') return this.erase(session)
    if (request.path.startsWith('/api/echo')) return this.ok({ method: request.method, query: request.query })
    return failure(404, 'not_found')
  }

  ok(body) {
    return { status: 200, body }
  }

  newCode() {
    const code = `code-${this.codes.size + 1}`
    this.codes.set(code, false)
    return this.ok({ code })
  }

  newPhoneEvent() {
    const code = `phone-${this.phoneCodes.size + 1}`
    this.phoneCodes.add(code)
    return this.ok({ errMsg: 'getPhoneNumber:ok', code, encryptedData: 'ZGF0YQ==', iv: 'aXY=' })
  }

  login(request) {
    const { code, phoneCode } = request.json
    if (this.codes.get(code) !== false) {
      return failure(400, 'code_invalid', { relogin: true, message: '登录凭证无效或已被使用，请重新登录' })
    }
    this.codes.set(code, true)
    this.sessions.delete(request.token)
    const number = [...this.codes.values()].filter(Boolean).length
    const thirdSession = `3rd_${number}`
    this.sessions.set(thirdSession, { sid: `sid-${number}`, device: request.json.device || {}, fresh: true })
    const body = { thirdSession, expiresIn: this.expiresIn, newUser: number === 1, user: { ...this.user } }
    if (phoneCode && !this.phoneCodes.delete(phoneCode)) body.phoneError = 'phone_code_invalid'
    return this.ok(body)
  }

  describe(session) {
    return {
      userId: this.user.userId, appId: 'touristappid', sid: session.sid,
      createdAt: '2026-11-22T13:41:42.922Z', expiresAt: '2026-11-29T13:41:42.922Z', expiresIn: this.expiresIn,
    }
  }

  list(current) {
    return [...this.sessions.values()].map(session => ({
      sid: session.sid, current: session === current, device: session.device,
      createdAt: '2026-11-22T13:41:42.922Z', lastSeenAt: '2026-11-22T13:41:42.922Z',
    }))
  }

  end(token) {
    this.sessions.delete(token)
    return { status: 204 }
  }

  endOne(sid) {
    for (const [token, session] of this.sessions) {
      if (session.sid === sid) return this.end(token)
    }
    return failure(404, 'not_found')
  }

  endMany(current, which) {
    for (const [token, session] of this.sessions) {
      if (which === 'all' || session !== current) this.sessions.delete(token)
    }
    return { status: 204 }
  }

  avatar() {
    this.user.avatarUrl = 'https://login.example/avatars/abc'
    return this.ok({ avatarUrl: this.user.avatarUrl })
  }

  bindPhone(data) {
    if (data.code && !this.phoneCodes.delete(data.code)) {
      return failure(409, 'phone_code_invalid', { tapAgain: true })
    }
    this.user.maskedPhone = '135****6666'
    return this.ok({ phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' })
  }

  unbindPhone() {
    this.user.maskedPhone = null
    return { status: 204 }
  }

  erase(session) {
    if (!session.fresh) return failure(403, 'login_required', { relogin: true })
    this.sessions.clear()
    return { status: 204 }
  }
}

function failure(status, error, more = {}) {
  return { status, body: { error, message: error, relogin: false, retryable: false, requestId: 'request-1', ...more } }
}

module.exports = { FakeServer }
