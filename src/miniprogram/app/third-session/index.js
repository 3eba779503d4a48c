/*
 * Third Session, the mini program's side: logs in, keeps the token, sends it with every request, and logs in again
 * when the server says that the session is over. One file, no dependencies, ES5 and Promise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
'use strict'

var RECORD_VERSION = 1
var DEFAULT_STORAGE_KEY = 'third_session'
var DEFAULT_TIMEOUT = 15000 // ms; the server answers a login within 5 s
var DEFAULT_UPLOAD_TIMEOUT = 60000 // ms, as wx.uploadFile has it: a picture may take its time
var MOST_ASKS = 3 // by one checkSession, while each session that it asks about is replaced
var PHONE_EVENTS_OK = ['getPhoneNumber:ok', 'getRealtimePhoneNumber:ok'] // refusals read differently on each platform
var DEVICE_FIELDS = ['brand', 'model', 'system', 'platform', 'version', 'SDKVersion']
var MAX_DEVICE_FIELDS = 32
var DEVICE_NAME = /^[A-Za-z0-9_.-]{1,32}$/
var DEVICE_TEXT = /^(?:[\ud800-\udbff][\udc00-\udfff]|[^\ud800-\udfff]){0,64}/ // code points, up to half a pair
var LARGE_PICTURE = 512 * 1024 // bytes; the server takes twice as many
var PHONE_PICTURE = /\.(heic|heif|webp)$/i // formats that phones make and the server does not read
var PICTURE_QUALITY = 80
var PICTURE_WIDTH = 640 // pixels; the server shows half of them

var SINGLE_PAGE = 1154 // the scene, says developers.weixin.qq.com/miniprogram/dev/framework/open-ability/share-timeline

// developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno, and the pages of the phone buttons
var ERRNO_TIMEOUT = 5
var ERRNO_PRIVACY_REFUSED = [103, 104]
var ERRNO_PRIVACY_UNDECLARED = 112
var ERRNO_DOMAIN = 600002
var ERRNO_INTERRUPTED = 600003
var ERRNO_PHONE_QUOTA = 1400001

/** The codes that do not come from the server, with words that can be shown to the user. */
var MESSAGES = {
  network: '网络不通，请稍后再试',
  aborted: '请求已取消',
  bad_answer: '服务器返回的内容无法识别，请稍后再试',
  wx_login_failed: '微信登录失败，请稍后再试',
  logged_out: '已退出登录',
  single_page: '请前往小程序使用完整服务',
  storage: '本机存储不可用',
  file_unreadable: '文件读取失败',
  url_not_trusted: '请求的地址不在信任列表中',
  phone_denied: '你已拒绝授权手机号',
  phone_quota: '手机号验证额度已用完',
  phone_unavailable: '暂时无法获取手机号',
  privacy_denied: '你未同意隐私保护指引',
  privacy_undeclared: '小程序未在隐私保护指引中声明此功能'
}

/**
 * Makes the one session client of a mini program. Make it once, in a module of its own, and require that everywhere.
 *
 * Every method answers in both of WeChat's ways: with `success`, `fail` or `complete` among its options (where it
 * takes none: as last argument) it calls back and returns nothing, otherwise it returns a promise.
 *
 * @param {Object} options
 * @param {string} options.baseUrl address of the server, e.g. `https://login.example.com`
 * @param {string[]} [options.backends] addresses of your other servers that may be sent the token
 * @param {string} [options.appId] default: the server sees it in the Referer
 * @param {boolean|Object|function(): Object} [options.device] what "my devices" shall show of this phone: `true` for
 *     model and system, or short values of your own, what does not fit is left out; default: nothing
 * @param {string} [options.storageKey] default `third_session`
 * @param {number} [options.timeout] ms for each exchange but uploads, default 15000
 * @param {number} [options.uploadTimeout] ms for each upload, default 60000
 * @param {function(function(Object), Object)} [options.onNeedPrivacyAuthorization] shows your own privacy dialog;
 *     default: WeChat's
 * @param {Object} [options.wx] default: the global one
 * @returns {Object} see index.d.ts
 */
function create(options) {
  var client = new Client(options || {})

  return {
    login: function (options) {
      return respond(options, function () { return client.login(options || {}) })
    },
    prepare: function (callbacks) {
      return respond(callbacks, function () { return client.prepare() })
    },
    request: function (options) {
      return respond(options, function () { return client.request(options || {}) })
    },
    uploadFile: function (options) {
      return respond(options, function () { return client.uploadFile(options || {}) })
    },
    thirdSession: function (callbacks) {
      return respond(callbacks, function () { return client.thirdSession() })
    },
    checkSession: function (callbacks) {
      return respond(callbacks, function () { return client.checkSession() })
    },
    me: function (callbacks) {
      return respond(callbacks, function () { return client.me() })
    },
    updateProfile: function (profile, callbacks) {
      return respond(callbacks, function () { return client.updateProfile(profile) })
    },
    uploadAvatar: function (avatar, callbacks) {
      return respond(callbacks, function () { return client.uploadAvatar(avatar) })
    },
    bindPhone: function (event, callbacks) {
      return respond(callbacks, function () { return client.bindPhone(event) })
    },
    unbindPhone: function (callbacks) {
      return respond(callbacks, function () { return client.unbindPhone() })
    },
    requirePrivacy: function (callbacks) {
      return respond(callbacks, function () { return client.requirePrivacy() })
    },
    sessions: function (callbacks) {
      return respond(callbacks, function () { return client.sessions() })
    },
    endSession: function (sid, callbacks) {
      return respond(callbacks, function () { return client.endSession(sid) })
    },
    endOtherSessions: function (callbacks) {
      return respond(callbacks, function () { return client.endOtherSessions() })
    },
    endAllSessions: function (callbacks) {
      return respond(callbacks, function () { return client.endAllSessions() })
    },
    logout: function (callbacks) {
      return respond(callbacks, function () { return client.logout() })
    },
    erase: function (callbacks) {
      return respond(callbacks, function () { return client.erase() })
    },
    onSessionChange: function (listener) {
      return client.onSessionChange(listener)
    },
    state: function () {
      return client.state()
    }
  }
}

function Client(options) {
  this.wx = options.wx || globalWx()
  this.baseUrl = baseAddress(options.baseUrl)
  this.trusted = [this.baseUrl].concat((options.backends || []).map(baseAddress))
  this.appId = options.appId
  this.device = options.device
  this.timeout = options.timeout || DEFAULT_TIMEOUT
  this.uploadTimeout = options.uploadTimeout || DEFAULT_UPLOAD_TIMEOUT
  this.store = new Store(this.wx, options.storageKey || DEFAULT_STORAGE_KEY, this.baseUrl)

  this.loaded = false
  this.session = null // {token, expiresIn (s), receivedAt (ms of this phone's clock)}
  this.loggedOut = false // by the user's wish: nothing but login() ends that
  this.leftover = null // token that may still live on the server, after a logout or a refusal: the next login ends it
  this.user = null
  this.sid = null // of the session, once the server has told it

  this.epoch = 0 // one more with each logout: what began before it must not bring a session back
  this.pendingLogin = null
  this.pendingPrepare = null
  this.loginsStarted = 0
  this.loginFailure = null // of the latest login, if it has failed
  this.announcedLoggedIn = false
  this.listeners = []

  if (options.onNeedPrivacyAuthorization && this.wx.onNeedPrivacyAuthorization) {
    this.wx.onNeedPrivacyAuthorization(options.onNeedPrivacyAuthorization)
  }
}

// ---- login -----------------------------------------------------------------------------------

/** One login at a time: who comes while it runs gets its outcome. */
Client.prototype.login = function (options) {
  return this.loginOnce(options).then(function (login) { return login.answer })
}

Client.prototype.loginOnce = function (options) {
  if (this.inSinglePage()) return Promise.reject(fault('single_page'))
  if (!this.pendingLogin) return this.startLogin(options)
  if (!isText(options.phoneCode)) return this.pendingLogin

  // The login under way does not bear this phone code.
  var self = this
  var epoch = this.epoch
  return settled(this.pendingLogin).then(function () {
    self.refuseAfterLogout(epoch)
    return self.loginOnce(options)
  })
}

Client.prototype.startLogin = function (options) {
  var self = this
  var epoch = this.epoch

  this.load()
  this.loginsStarted++
  var login = this.fetchCode().then(function (code) {
    self.refuseAfterLogout(epoch)
    return self.exchange(code, options)
  }).then(function (response) {
    return self.adopt(response, epoch)
  })
  var pending = login.then(function (adopted) {
    finish(null)
    return adopted
  }, function (error) {
    finish(error)
    throw error
  })
  this.pendingLogin = pending
  return pending

  function finish(error) {
    if (self.pendingLogin !== pending) return
    self.pendingLogin = null
    self.loginFailure = error
  }
}

/** A fresh code of wx.login: each is good once, and used here once. */
Client.prototype.fetchCode = function () {
  var login = callWx(this.wx, 'login')
  // Everybody waits for the one login: it must not hang.
  return within(this.timeout, login, { errMsg: 'login:fail timeout' }).then(function (result) {
    if (result && result.code) return result.code
    throw loginFault(result)
  }, function (result) {
    throw loginFault(result)
  })
}

/** The old token goes along, and ends: a launch leaves no session behind. */
Client.prototype.exchange = function (code, options) {
  var data = { code: code }
  if (this.appId) data.appId = this.appId
  var device = deviceValues(this.wx, this.device)
  if (isPlainObject(device)) data.device = fittingDevice(device)
  if (isText(options.phoneCode)) data.phoneCode = options.phoneCode

  var oldToken = this.session ? this.session.token : this.leftover
  return this.send('request', { url: '/api/login', method: 'POST', data: data }, oldToken)
    .then(null, function (error) {
      // The same code must not be sent again, but the next login() has its own.
      if (error.code === 'network') error.retryable = error.reason !== 'domain'
      throw error
    })
}

Client.prototype.adopt = function (response, epoch) {
  var data = dataOf(response, true)
  if (!isToken(data.thirdSession)) throw badAnswer(response, true)
  if (epoch !== this.epoch) return this.discard(data.thirdSession)

  this.session = { token: data.thirdSession, expiresIn: positive(data.expiresIn), receivedAt: Date.now() }
  this.loggedOut = false
  this.leftover = null
  this.user = data.user || null
  this.save()
  this.announce('login')

  var answered = { newUser: data.newUser === true, user: this.user, expiresIn: this.session.expiresIn }
  if (data.phoneError) answered.phoneError = data.phoneError
  return { token: data.thirdSession, answer: answered }
}

/** The user has logged out while a login was under way: the session that came of it ends at once. */
Client.prototype.discard = function (token) {
  var self = this
  return this.end(token).then(null, function () {
    if (self.session) return
    self.leftover = token
    self.save()
  }).then(function () {
    throw fault('logged_out')
  })
}

Client.prototype.refuseAfterLogout = function (epoch) {
  if (epoch !== this.epoch) throw fault('logged_out')
}

/**
 * To be called at launch and whenever a page with a phone button is shown: afterwards the server knows the session,
 * and the key that WeChat will encrypt the next tap's data with.
 */
Client.prototype.prepare = function () {
  var self = this
  if (this.inSinglePage()) return Promise.resolve() // nothing can be tapped there
  if (this.pendingPrepare) return this.pendingPrepare

  var pending = this.ready().then(function () {
    finish()
  }, function (error) {
    finish()
    throw error
  })
  this.pendingPrepare = pending
  return pending

  function finish() {
    if (self.pendingPrepare === pending) self.pendingPrepare = null
  }
}

Client.prototype.ready = function () {
  var self = this
  this.load()
  if (this.pendingLogin) return this.pendingLogin
  if (!this.session) return this.thirdSession()

  var epoch = this.epoch
  var token = this.session.token
  var asked = Promise.all([this.askServer(), this.hasWeChatKey()])
  return settled(asked).then(function () {
    self.refuseAfterLogout(epoch)
    // Requests may have logged in meanwhile: then this was asked of an old session and an old key.
    if (self.pendingLogin) return self.pendingLogin
    if (self.session && self.session.token !== token) return undefined
    return asked.then(function (good) {
      if (!good[0] || !good[1]) return self.loginAgain()
    })
  })
}

/** All that wx.checkSession can say: is the key of the latest code still WeChat's. Not: is the user logged in. */
Client.prototype.hasWeChatKey = function () {
  return within(this.timeout, callWx(this.wx, 'checkSession'))
    .then(function () { return true }, function () { return false })
}

/** The token, after a login if there is none. */
Client.prototype.thirdSession = function () {
  if (this.inSinglePage()) return Promise.reject(fault('single_page'))
  this.load()
  if (this.pendingLogin && !this.session) return this.pendingLogin.then(tokenOf)
  if (this.session) return Promise.resolve(this.session.token)
  if (this.loggedOut) return Promise.reject(fault('logged_out'))
  return this.startLogin({}).then(tokenOf)
}

function tokenOf(login) {
  return login.token
}

/**
 * Moments' single page (朋友圈单页模式): there is no wx.login, and what WeChat disables there shows a toast when it is
 * called all the same. Asked anew each time: 前往小程序 leads out of it.
 */
Client.prototype.inSinglePage = function () {
  try {
    var wx = this.wx
    var entered = wx.getEnterOptionsSync ? wx.getEnterOptionsSync() : wx.getLaunchOptionsSync()
    return entered.scene === SINGLE_PAGE || entered.apiCategory === 'browseOnly'
  } catch (error) {
    return false // not known to an old base library, or to another host of wx
  }
}

// ---- requests --------------------------------------------------------------------------------

Client.prototype.request = function (options) {
  return this.sendWithSession('request', options)
}

Client.prototype.uploadFile = function (options) {
  return this.sendWithSession('uploadFile', options)
}

/**
 * Sends with the token, and once more with another if the answer wants a login first. Nothing else is ever repeated:
 * a code may have been used up, a change may have been made.
 */
Client.prototype.sendWithSession = function (api, options) {
  var self = this
  var epoch = this.epoch
  var url = this.address(options.url)
  if (!url) return Promise.reject(fault('url_not_trusted'))
  if (this.inSinglePage()) return this.sendAnonymous(api, options)

  this.load()
  var fresh = !this.session // the token comes of a login that was made for this request
  return this.thirdSession().then(function (token) {
    self.refuseAfterLogout(epoch)
    var sent = { token: token, fresh: fresh, epoch: epoch, loginsStarted: self.loginsStarted }
    return self.send(api, options, token).then(function (response) {
      return wantsLogin(response) ? self.sendAgain(api, options, sent, response) : response
    })
  }).then(function (response) {
    if (isSuccess(response)) return response
    throw serverFault(response, repeatable(api, options))
  })
}

/** What is for everybody can be shown without a login. */
Client.prototype.sendAnonymous = function (api, options) {
  return this.send(api, options, null).then(function (response) {
    if (wantsLogin(response)) throw fault('single_page', answerDetails(response))
    if (isSuccess(response)) return response
    throw serverFault(response, repeatable(api, options))
  })
}

Client.prototype.sendAgain = function (api, options, sent, refusal) {
  var self = this
  if (sent.epoch !== this.epoch) return Promise.reject(fault('logged_out'))

  if (this.provesEnd(options.url, refusal)) this.drop(sent.token)
  return this.anotherToken(sent).then(function (token) {
    if (!token) return last(refusal, sent.token)
    return self.send(api, options, token).then(function (response) { return last(response, token) })
  })

  function last(response, token) {
    if (self.provesEnd(options.url, response)) {
      self.drop(token)
      self.announceEnd()
    }
    return response
  }
}

/**
 * The token to repeat a refused request with, or null: one that refuses a session just made refuses the next as well.
 * However many requests were refused, they share one login.
 */
Client.prototype.anotherToken = function (sent) {
  if (this.session && this.session.token !== sent.token) return Promise.resolve(this.session.token)
  if (sent.fresh && !this.pendingLogin) return Promise.resolve(null)
  if (!this.pendingLogin && this.loginFailure && this.loginsStarted > sent.loginsStarted) {
    // A login since has failed: one more for each request that was under way would be a storm.
    return Promise.reject(this.loginFailure)
  }
  return this.loginAgain().then(tokenOf)
}

/**
 * This server's own API calls the session over. Elsewhere a 401 may have other reasons, a gateway's "session_invalid"
 * included: there it is worth a login, and no proof.
 */
Client.prototype.provesEnd = function (url, response) {
  return isSessionEnd(response) && codeOf(response) !== undefined && isBelow(this.baseUrl + '/api', this.address(url))
}

/** Only when this fails is the session over for the mini program, too. */
Client.prototype.loginAgain = function () {
  var self = this
  return this.loginOnce({}).then(null, function (error) {
    self.announceEnd()
    throw error
  })
}

/** One exchange, whatever its status and wherever WeChat puts it; rejected if there was no answer. */
Client.prototype.send = function (api, options, token) {
  var self = this
  return new Promise(function (resolve, reject) {
    var call = copy(options, {})
    delete call.onTask
    delete call.complete
    call.url = self.address(options.url)
    call.header = withToken(options.header, token)
    call.timeout = options.timeout || (api === 'uploadFile' ? self.uploadTimeout : self.timeout)
    call.success = function (response) { resolve(api === 'uploadFile' ? parseBody(response) : response) }
    call.fail = function (result) {
      if (isResponse(result)) resolve(parseBody(result))
      else reject(transportFault(result, repeatable(api, options)))
    }
    try {
      var task = self.wx[api](call)
      if (options.onTask) options.onTask(task)
    } catch (error) {
      call.fail({ errMsg: api + ':fail ' + error.message })
    }
  })
}

/** The whole address, or null if it is of a server that must not see the token. */
Client.prototype.address = function (url) {
  var text = String(url || '')
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return this.baseUrl + (text.charAt(0) === '/' ? '' : '/') + text
  return this.trusted.some(function (base) { return isBelow(base, text) }) ? text : null
}

/** A call of the server's own API: its JSON object, or undefined for 204. */
Client.prototype.api = function (method, path, data) {
  if (this.inSinglePage()) return Promise.reject(fault('single_page'))
  return this.request({ url: path, method: method, data: data }).then(function (response) {
    return response.statusCode === 204 ? undefined : dataOf(response, method === 'GET')
  })
}

// ---- the session -----------------------------------------------------------------------------

/** Asks the server. Answers what it says of the session, or null if there is none; never logs in. */
Client.prototype.checkSession = function () {
  return this.askOfCurrent(MOST_ASKS)
}

/** What was heard counts if it is of the session of now: a login may have replaced the other meanwhile. */
Client.prototype.askOfCurrent = function (asks) {
  var self = this
  this.load()
  var token = this.currentToken()
  if (this.inSinglePage()) return Promise.resolve(null)
  return this.askServer().then(function (session) {
    return session || !self.pendingLogin ? session : settled(self.pendingLogin)
  }).then(function (session) {
    var current = self.currentToken()
    if (current && current !== token && asks > 1) return self.askOfCurrent(asks - 1)
    self.announceEnd()
    return current && session ? session : null
  })
}

Client.prototype.currentToken = function () {
  return this.session ? this.session.token : null
}

Client.prototype.askServer = function () {
  var self = this
  this.load()
  if (!this.session) return Promise.resolve(null)

  var token = this.session.token
  return this.send('request', { url: '/api/session', method: 'GET' }, token).then(function (response) {
    if (isSessionEnd(response)) {
      self.drop(token)
      return null
    }
    var data = dataOf(response, true)
    if (self.session && self.session.token === token) {
      self.session.expiresIn = positive(data.expiresIn)
      self.session.receivedAt = Date.now()
      self.sid = data.sid
      self.save()
    }
    return data
  })
}

/**
 * Ends the session here and on the server. Rejected if the server could not be told; this phone is logged out all the
 * same, and the next login ends the session then.
 */
Client.prototype.logout = function () {
  var self = this
  this.load()
  var token = this.session ? this.session.token : this.leftover
  var login = this.pendingLogin
  this.forget(token)

  return Promise.all([
    token ? this.endLeftover(token) : undefined,
    login ? settled(login) : undefined // it ends its own session
  ]).then(function () {
    if (self.loggedOut && !self.store.stored) throw fault('storage') // the next launch would log in
  })
}

/** Logged out from now on, whatever is under way. */
Client.prototype.forget = function (leftover) {
  this.epoch++
  this.pendingLogin = null
  this.pendingPrepare = null
  this.session = null
  this.loggedOut = true
  this.leftover = leftover || null
  this.user = null
  this.save()
  this.announce('logout')
}

Client.prototype.endLeftover = function (token) {
  var self = this
  return this.end(token).then(function () {
    if (self.leftover !== token) return
    self.leftover = null
    self.save()
  })
}

Client.prototype.end = function (token) {
  return this.send('request', { url: '/api/session', method: 'DELETE' }, token).then(function (response) {
    if (!isSuccess(response) && !isSessionEnd(response)) throw serverFault(response, true)
  })
}

Client.prototype.sessions = function () {
  var self = this
  return this.api('GET', '/api/sessions').then(function (data) {
    var list = Array.isArray(data.sessions) ? data.sessions : []
    list.forEach(function (session) {
      if (session.current) self.sid = session.sid
    })
    return list
  })
}

Client.prototype.endSession = function (sid) {
  var self = this
  var epoch = this.epoch
  return this.api('DELETE', '/api/sessions/' + encodeURIComponent(sid)).then(function () {
    if (sid === self.sid) self.forgetEnded(epoch)
  })
}

Client.prototype.endOtherSessions = function () {
  return this.api('POST', '/api/sessions/end', { which: 'others' })
}

Client.prototype.endAllSessions = function () {
  var self = this
  var epoch = this.epoch
  return this.api('POST', '/api/sessions/end', { which: 'all' }).then(function () { self.forgetEnded(epoch) })
}

/** Erases the user on the server, after a fresh login if the session is too old for that. */
Client.prototype.erase = function () {
  var self = this
  var epoch = this.epoch
  return this.api('DELETE', '/api/me').then(function () { self.forgetEnded(epoch) })
}

/** The server has ended the session. If there was a logout since, the one of now is another. */
Client.prototype.forgetEnded = function (epoch) {
  if (epoch === this.epoch) this.forget(null)
}

Client.prototype.onSessionChange = function (listener) {
  var self = this
  this.listeners.push(listener)
  return function () {
    self.listeners = self.listeners.filter(function (known) { return known !== listener })
  }
}

/** What is known here, without asking anybody. Times rest on this phone's clock: for display, not for decisions. */
Client.prototype.state = function () {
  this.load()
  return {
    loggedIn: this.session !== null,
    loggedOut: this.loggedOut,
    user: this.user,
    expiresIn: this.session ? remaining(this.session) : 0,
    stored: this.store.stored,
    singlePage: this.inSinglePage()
  }
}

Client.prototype.load = function () {
  if (this.loaded) return
  this.loaded = true
  var record = this.store.read()
  if (!record) return
  this.loggedOut = record.loggedOut === true
  this.leftover = isToken(record.leftover) ? record.leftover : null
  if (isToken(record.token) && !this.loggedOut) {
    this.session = {
      token: record.token,
      expiresIn: positive(record.expiresIn),
      receivedAt: positive(record.receivedAt)
    }
    this.announcedLoggedIn = true
  }
}

Client.prototype.save = function () {
  if (!this.session && !this.loggedOut) {
    this.store.remove()
    return
  }
  var session = this.session || {}
  this.store.write({
    token: session.token || null,
    expiresIn: session.expiresIn || 0,
    receivedAt: session.receivedAt || 0,
    loggedOut: this.loggedOut,
    leftover: this.leftover
  })
}

Client.prototype.drop = function (token) {
  if (!this.session || this.session.token !== token) return
  this.session = null
  this.leftover = token
  this.save()
}

Client.prototype.announceEnd = function () {
  if (this.session || !this.announcedLoggedIn) return
  this.user = null
  this.announce('ended')
}

Client.prototype.announce = function (reason) {
  var change = { reason: reason, loggedIn: this.session !== null, user: this.user, stored: this.store.stored }
  this.announcedLoggedIn = change.loggedIn
  this.listeners.forEach(function (listener) { callback(listener, change) })
}

// ---- the user --------------------------------------------------------------------------------

Client.prototype.me = function () {
  return this.keepUser(this.api('GET', '/api/me'))
}

/** POST, since how wx.request puts data into a PUT is not documented. */
Client.prototype.updateProfile = function (profile) {
  return this.keepUser(this.api('POST', '/api/me', profile || {}))
}

Client.prototype.keepUser = function (asked) {
  var self = this
  var epoch = this.epoch
  return asked.then(function (user) {
    if (epoch === self.epoch) self.user = user
    return user
  })
}

/** Takes the event of `chooseAvatar`, or a file's path. What the server would not take is made smaller first. */
Client.prototype.uploadAvatar = function (avatar) {
  var self = this
  var path = avatar && avatar.detail ? avatar.detail.avatarUrl : avatar
  if (typeof path !== 'string' || !path) return Promise.reject(fault('file_unreadable'))
  if (this.inSinglePage()) return Promise.reject(fault('single_page'))

  var epoch = this.epoch
  return this.fittingPicture(path).then(function (fitting) {
    self.refuseAfterLogout(epoch)
    return self.uploadFile({ url: '/api/me/avatar', filePath: fitting, name: 'avatar' })
  }).then(function (response) {
    var data = dataOf(response, false)
    if (self.user) self.user = copy({ avatarUrl: data.avatarUrl }, copy(self.user, {}))
    return data
  })
}

/** The path of a smaller picture where that helps and WeChat can make one, else the same: the server decides then. */
Client.prototype.fittingPicture = function (path) {
  var self = this
  if (!this.wx.compressImage) return Promise.resolve(path)
  var size = attempt(function () { return fileSize(self.wx, path) })
  return within(this.timeout, size).then(null, function () {
    return 0
  }).then(function (size) {
    var large = size > LARGE_PICTURE
    if (!large && !PHONE_PICTURE.test(path)) return path
    var options = { src: path, quality: PICTURE_QUALITY }
    if (large) options.compressedWidth = PICTURE_WIDTH
    return within(self.timeout, callWx(self.wx, 'compressImage', options)).then(function (result) {
      return isText(result.tempFilePath) ? result.tempFilePath : path
    })
  }).then(null, function () {
    return path // iOS compresses JPEG only
  })
}

function fileSize(wx, path) {
  return callWx(wx.getFileSystemManager(), 'getFileInfo', { filePath: path }).then(function (result) {
    return Number(result.size)
  })
}

/**
 * Takes the event of `getPhoneNumber` or `getRealtimePhoneNumber`, new (code), old (encryptedData and iv) or both, and sends what it bears, once.
 * wx.login is not called before that, for it could replace the key that WeChat has encrypted with; only without a
 * session there is no other way.
 */
Client.prototype.bindPhone = function (event) {
  var self = this
  var epoch = this.epoch
  var detail = (event && event.detail) || event || {}
  if (PHONE_EVENTS_OK.indexOf(detail.errMsg) < 0) return Promise.reject(phoneFault(detail))
  var data = phoneData(detail)
  if (!data) return Promise.reject(phoneFault(detail))

  var loginsBefore = this.loginsStarted - (this.pendingLogin ? 1 : 0)
  function late() { return self.loginsStarted !== loginsBefore }

  return this.api('POST', '/api/me/phone', data).then(function (phone) {
    return copy({ loggedInAfterTap: late() }, copy(phone, {}))
  }, function (error) {
    // With the login failed nothing was sent, and the event is still good.
    if (error === self.loginFailure) throw error
    error.loggedInAfterTap = late()
    // It may have arrived, and a tap's code is good once.
    if (error.code === 'network' || error.code === 'bad_answer') error.tapAgain = true
    return self.preparedForNextTap(error, epoch).then(function () { throw error })
  })
}

/** After a failed decryption the server wants a login before the next tap; who has logged out since does not. */
Client.prototype.preparedForNextTap = function (error, epoch) {
  if (error.code !== 'decrypt_failed' || epoch !== this.epoch) return Promise.resolve()
  return this.loginOnce({}).then(function () { error.relogin = false }, function () {})
}

Client.prototype.unbindPhone = function () {
  return this.api('DELETE', '/api/me/phone')
}

/** Asks for the user's consent to the privacy guide, where it is still missing. */
Client.prototype.requirePrivacy = function () {
  if (this.inSinglePage()) return Promise.reject(fault('single_page')) // no dialog there
  if (!this.wx.requirePrivacyAuthorize) return Promise.resolve() // before 2.32.3 nothing was to be asked
  return callWx(this.wx, 'requirePrivacyAuthorize').then(function () {}, function (result) {
    throw privacyFault(result) || fault('privacy_denied', wxDetails(result))
  })
}

function phoneData(detail) {
  var data = {}
  if (isText(detail.code)) data.code = detail.code
  if (isText(detail.encryptedData) && isText(detail.iv)) {
    data.encryptedData = detail.encryptedData
    data.iv = detail.iv
  }
  return data.code || data.iv ? data : null
}

function deviceValues(wx, device) {
  try {
    if (typeof device === 'function') return device()
    return device === true ? readDevice(wx) : device
  } catch (error) {
    return {} // no login fails for that
  }
}

/** What the server takes of it: flat, short, and not too much. A login never fails for the rest. */
function fittingDevice(device) {
  var names = DEVICE_FIELDS.concat(Object.keys(device).filter(function (name) {
    return DEVICE_FIELDS.indexOf(name) < 0
  }))
  var fitting = {}
  names.forEach(function (name) {
    if (!DEVICE_NAME.test(name) || Object.keys(fitting).length === MAX_DEVICE_FIELDS) return
    var value = fittingValue(device, name)
    if (value !== undefined) fitting[name] = value
  })
  return fitting
}

function fittingValue(device, name) {
  try {
    var value = Object.prototype.hasOwnProperty.call(device, name) ? device[name] : undefined
    if (typeof value === 'string') return DEVICE_TEXT.exec(value)[0]
    return typeof value === 'boolean' || (typeof value === 'number' && isFinite(value)) ? value : undefined
  } catch (error) {
    return undefined // a value that cannot be read
  }
}

function readDevice(wx) {
  var info = wx.getDeviceInfo ? wx.getDeviceInfo() : wx.getSystemInfoSync()
  if (wx.getAppBaseInfo) info = copy(wx.getAppBaseInfo(), copy(info, {}))
  var values = {}
  DEVICE_FIELDS.forEach(function (name) {
    if (isText(info[name])) values[name] = info[name]
  })
  return values
}

// ---- storage ---------------------------------------------------------------------------------

/** One record under one key. Storage may be full, broken, or hold another version's value: nothing here throws. */
function Store(wx, key, baseUrl) {
  this.wx = wx
  this.key = key
  this.baseUrl = baseUrl
  this.stored = true // what is known here is also in the storage
}

Store.prototype.read = function () {
  try {
    var record = this.wx.getStorageSync(this.key)
    var ours = isObject(record) && record.version === RECORD_VERSION && record.baseUrl === this.baseUrl
    return ours ? record : null
  } catch (error) {
    return null
  }
}

Store.prototype.write = function (record) {
  record.version = RECORD_VERSION
  record.baseUrl = this.baseUrl
  if (this.put(record)) return
  this.remove() // an old token must not come back at the next launch
  this.put(record) // its place may do
}

Store.prototype.put = function (record) {
  try {
    this.wx.setStorageSync(this.key, record)
    this.stored = true
  } catch (full) {
    this.stored = false
  }
  return this.stored
}

Store.prototype.remove = function () {
  try {
    this.wx.removeStorageSync(this.key)
    this.stored = true
  } catch (error) {
    this.stored = false
  }
}

// ---- answers ---------------------------------------------------------------------------------

function isSuccess(response) {
  return response.statusCode >= 200 && response.statusCode < 300
}

/** The code of an error of this server; undefined for another's body, such as a proxy's page. */
function codeOf(response) {
  var body = response.data
  if (isObject(body) && typeof body.error === 'string' && /^[a-z][a-z_]*$/.test(body.error)) return body.error
  return undefined
}

/** Also a bare 401, as a gateway in front of your own back end answers it. */
function isSessionEnd(response) {
  var code = codeOf(response)
  return response.statusCode === 401 && (code === undefined || code === 'session_invalid')
}

function wantsLogin(response) {
  return isSessionEnd(response) || (response.statusCode === 403 && codeOf(response) === 'login_required')
}

function dataOf(response, retryable) {
  if (!isSuccess(response)) throw serverFault(response, retryable)
  if (!isObject(response.data)) throw badAnswer(response, retryable)
  return response.data
}

/**
 * WeChat on a PC calls `fail` for a 401 (developers.weixin.qq.com/community/develop/doc/0002888225c1e8458f492d38b5b400),
 * and perhaps for others. What it says there without an answer is 200, 0, 1 or -1. No form of an errMsg that tells a
 * status is known, so none is read: a number in it may be a port or an error of the network.
 */
function isResponse(result) {
  var status = Number(isObject(result) ? result.statusCode : 0)
  return status >= 300 && status <= 599
}

/** wx.uploadFile gives every body as text. */
function parseBody(response) {
  var parsed = copy(response, {})
  try {
    parsed.data = JSON.parse(response.data)
  } catch (notJson) {
    parsed.data = response.data
  }
  return parsed
}

function headerOf(response, wanted) {
  var headers = response.header || {}
  for (var name in headers) {
    if (name.toLowerCase() === wanted) return headers[name]
  }
  return undefined
}

function withToken(header, token) {
  var headers = {}
  for (var name in header) {
    if (name.toLowerCase() !== 'authorization') headers[name] = header[name]
  }
  if (token) headers.Authorization = 'Bearer ' + token
  return headers
}

/** May the same call be made again without knowing whether the first one arrived? */
function repeatable(api, options) {
  return api === 'request' && String(options.method || 'GET').toUpperCase() !== 'POST'
}

// ---- errors ----------------------------------------------------------------------------------

function fault(code, details) {
  var error = new Error((details && details.message) || MESSAGES[code] || code)
  error.name = 'ThirdSessionError'
  error.code = code
  error.status = 0
  error.relogin = false
  error.retryable = false
  error.tapAgain = false
  return copy(details, error)
}

function serverFault(response, retryable) {
  var code = codeOf(response)
  if (!code) return badAnswer(response, retryable)
  var body = response.data
  var details = answerDetails(response)
  if (isText(body.message)) details.message = body.message
  if (isText(body.field)) details.field = body.field
  if (isText(body.hint)) details.hint = body.hint
  details.relogin = body.relogin === true
  details.retryable = body.retryable === true
  details.tapAgain = body.tapAgain === true
  return fault(code, details)
}

/** Not of this server: a proxy's page, an empty body, a JSON of somebody else. */
function badAnswer(response, retryable) {
  var details = answerDetails(response)
  details.retryable = retryable && !(details.status >= 400 && details.status < 500)
  return fault('bad_answer', details)
}

function answerDetails(response) {
  var body = isObject(response.data) ? response.data : {}
  var details = { status: response.statusCode || 0, data: response.data }
  var retryAfter = Number(body.retryAfter || headerOf(response, 'retry-after'))
  var requestId = body.requestId || headerOf(response, 'x-request-id')
  if (retryAfter > 0) details.retryAfter = retryAfter
  if (isText(requestId)) details.requestId = requestId
  return details
}

/** wx.request or wx.uploadFile has failed: there was no answer. */
function transportFault(result, retryable) {
  var details = wxDetails(result)
  var text = details.errMsg
  if (/:fail file|no such file|file not found|filePath/i.test(text)) return fault('file_unreadable', details)
  if (/abort/i.test(text)) return fault('aborted', details)
  details.reason = networkReason(details)
  details.retryable = retryable && details.reason !== 'domain'
  return fault('network', details)
}

function networkReason(details) {
  if (details.errno === ERRNO_DOMAIN || /domain list/i.test(details.errMsg)) return 'domain'
  if (details.errno === ERRNO_TIMEOUT || /time ?d? ?out/i.test(details.errMsg)) return 'timeout'
  if (details.errno === ERRNO_INTERRUPTED || /interrupted/i.test(details.errMsg)) return 'interrupted'
  return 'unreachable'
}

function loginFault(result) {
  var details = wxDetails(result)
  details.retryable = true
  return fault('wx_login_failed', details)
}

function phoneFault(detail) {
  var details = wxDetails(detail)
  if (details.errno === ERRNO_PHONE_QUOTA) return fault('phone_quota', details)
  var privacy = privacyFault(detail)
  if (privacy) return privacy
  if (/deny|cancel/i.test(details.errMsg)) {
    details.tapAgain = true
    return fault('phone_denied', details)
  }
  return fault('phone_unavailable', details)
}

function privacyFault(result) {
  var details = wxDetails(result)
  if (details.errno === ERRNO_PRIVACY_UNDECLARED || /privacy agreement|privacy api banned/i.test(details.errMsg)) {
    return fault('privacy_undeclared', details)
  }
  // WeChat's words will do where there is no errno.
  var refused = ERRNO_PRIVACY_REFUSED.indexOf(details.errno) >= 0 ||
      /privacy permission is not authorized/i.test(details.errMsg)
  if (!refused) return null
  details.tapAgain = true
  return fault('privacy_denied', details)
}

/** What WeChat says of a failure. */
function wxDetails(result) {
  var details = { errMsg: String((result && result.errMsg) || '') }
  if (result && result.errno !== undefined) details.errno = Number(result.errno)
  return details
}

// ---- promises and callbacks ------------------------------------------------------------------

/**
 * Both of WeChat's ways. With callbacks there is no promise, so nothing is left that could be rejected unhandled.
 */
function respond(callbacks, work) {
  var promise = attempt(work)
  if (!hasCallback(callbacks)) return promise
  promise.then(function (result) {
    callback(callbacks.success, result)
    callback(callbacks.complete, result)
  }, function (error) {
    callback(callbacks.fail, error)
    callback(callbacks.complete, error)
  })
}

function attempt(work) {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error)
  }
}

function hasCallback(callbacks) {
  return isObject(callbacks) && ['success', 'fail', 'complete'].some(function (name) {
    return typeof callbacks[name] === 'function'
  })
}

/** What a callback throws is its author's: it shows up as an error of the app, and disturbs nothing here. */
function callback(listener, value) {
  if (typeof listener !== 'function') return
  try {
    listener(value)
  } catch (error) {
    setTimeout(function () { throw error }, 0)
  }
}

function callWx(wx, name, options) {
  return new Promise(function (resolve, reject) {
    try {
      wx[name](copy(options, { success: resolve, fail: reject }))
    } catch (error) {
      reject({ errMsg: name + ':fail ' + error.message })
    }
  })
}

/** For calls that have been seen never to call back. */
function within(milliseconds, promise, late) {
  return new Promise(function (resolve, reject) {
    var timer = setTimeout(function () { reject(late) }, milliseconds)
    promise.then(function (result) {
      clearTimeout(timer)
      resolve(result)
    }, function (error) {
      clearTimeout(timer)
      reject(error)
    })
  })
}

/** Comes when the promise has been decided, either way. */
function settled(promise) {
  return promise.then(function () {}, function () {})
}

// ---- values ----------------------------------------------------------------------------------

function globalWx() {
  if (typeof wx === 'undefined') throw new TypeError('third-session: there is no wx')
  return wx
}

function baseAddress(url) {
  if (typeof url !== 'string' || !/^https?:\/\/[^/?#]+/i.test(url)) {
    throw new TypeError('third-session: an address begins with http:// or https://')
  }
  return url.replace(/\/+$/, '')
}

function isBelow(base, url) {
  return url === base || (url.indexOf(base) === 0 && /[/?#]/.test(url.charAt(base.length)))
}

/** Fit for a header; what it means is the server's business. */
function isToken(value) {
  return typeof value === 'string' && /^[\x21-\x7e]{1,1024}$/.test(value)
}

function isText(value) {
  return typeof value === 'string' && value !== ''
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPlainObject(value) {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function positive(value) {
  return typeof value === 'number' && value > 0 ? value : 0
}

/** Seconds, by the time since the answer came: right however wrong the clock is, unless it was set since. */
function remaining(session) {
  var passed = (Date.now() - session.receivedAt) / 1000
  return Math.floor(Math.min(Math.max(session.expiresIn - passed, 0), session.expiresIn))
}

function copy(source, target) {
  for (var name in source) {
    if (Object.prototype.hasOwnProperty.call(source, name)) target[name] = source[name]
  }
  return target
}

module.exports = { create: create }
