/*
 * What a mini program sees as `wx`, for places that are not WeChat: tests on Node and on the JVM, and a browser page.
 * It follows WeChat's published behaviour where a login server can notice it: how wx.request puts data into the
 * query or the body, that every HTTP status is a `success`, that there is no PATCH, ten transfers at a time.
 * WeChat's own side of a login is asked of the simulator's /sim/login, /sim/session and /sim/profile.
 *
 * Plain ES5 and Promise, and nothing of the place it runs in: the host brings that along.
 */
'use strict'

var METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']
var PARALLEL_TRANSFERS = 10
var DEFAULT_TIMEOUT = 60000 // ms, as wx.request has it
var FORM = 'application/x-www-form-urlencoded'

/**
 * @typedef {Object} Host what the shim needs of the place it runs in; read anew at each call, so it may change
 * @property {string} [appId] default `touristappid`
 * @property {string} [openId] which user of the simulator holds the phone; default: the app's default user
 * @property {string} [unionId] told to the simulator at wx.login
 * @property {string} simulator address before `/sim/…`, without a slash at the end
 * @property {function(Message, function(?Error, Reply=)): (function()|undefined)} send makes one HTTP exchange and
 *     calls back once, later; an error means that no answer came. May return a function that breaks it off.
 * @property {Storage} [storage] getItem, setItem, removeItem, clear, key, length, as in browsers; default: memory.
 *     What setItem throws reaches the mini program, as a full storage does.
 * @property {Storage} [weChatStorage] what WeChat itself remembers of this phone, for wx.checkSession; the mini program
 *     does not see it. Default: memory
 * @property {function(string, function(?Error, TempFile=))} [readFile] the bytes of a temporary file
 * @property {function(string, Object): (Object|Promise<Object>|undefined)} [ui] is told of every toast, modal and
 *     navigation (name, options); what it returns goes into the result, e.g. `{confirm: false, cancel: true}`, and
 *     `{fail: 'cancel'}` is a failure, as a sheet that the user closes
 * @property {Object} [userInfo] what the user agrees to show in getUserProfile and getUserInfo; default: anonymous
 * @property {Object<string, boolean>} [authSetting] `{'scope.userInfo': false}`: the user has refused
 * @property {boolean} [privacyNeeded] the user has not yet agreed to the privacy guide
 * @property {number} [scene] from where it was opened, default 1001. 1154 is Moments' single page: no login, a storage
 *     of its own, and a toast for each call that WeChat has disabled there
 * @property {boolean} [desktop] WeChat on a PC: an answer of another status than 2xx goes to `fail`
 * @property {Object} [deviceInfo] what wx.getDeviceInfo gives
 * @property {function(function(), number): *} [setTimeout] default: the global one
 * @property {function(*)} [clearTimeout]
 *
 * @typedef {Object} Message
 * @property {string} method
 * @property {string} url
 * @property {Object<string, string>} headers a host that may not set `Referer` leaves it out
 * @property {null|string|Array} body text to be sent as UTF-8, or such texts and bytes (as readFile gave them) in a row
 *
 * @typedef {Object} Reply
 * @property {number} status
 * @property {Object<string, string>} headers
 * @property {string} body
 *
 * @typedef {Object} TempFile
 * @property {string} name
 * @property {string} type media type
 * @property {*} bytes whatever `send` of the same host understands
 */

/**
 * Makes a `wx`.
 * @param {Host} host
 * @returns {Object} of the real one's type as far as it goes; calls that are not here are missing
 */
function createWx(host) {
  var wx = {}
  addNetwork(wx, host)
  addLogin(wx, host)
  addProfile(wx, host)
  addPrivacy(wx, host)
  addStorage(wx, host)
  addScreen(wx, host)
  addDevice(wx, host)
  addScene(wx, host)
  return wx
}

// ---- answering -------------------------------------------------------------------------------

function later(host, action) {
  var timer = host.setTimeout || setTimeout
  timer(action, 0)
}

/** Calls success or fail, and complete after it even if the former throws. */
function deliver(options, outcome, result) {
  try {
    if (typeof options[outcome] === 'function') options[outcome](result)
  } finally {
    if (typeof options.complete === 'function') options.complete(result)
  }
}

function succeed(name, options, result) {
  deliver(options, 'success', merge({ errMsg: name + ':ok' }, result))
}

/** `reason` is a text, or an object with `reason` and further fields such as errno. */
function refuse(name, options, reason) {
  var fields = typeof reason === 'string' ? { reason: reason } : merge({}, reason)
  var result = { errMsg: name + ':fail ' + fields.reason }
  delete fields.reason
  deliver(options, 'fail', merge(result, fields))
}

/** An API of the form name({success, fail, complete}) that answers later. */
function callbackApi(host, name, work) {
  return function (options) {
    options = options || {}
    later(host, function () {
      work(options, function (reason, result) {
        if (reason) refuse(name, options, reason)
        else succeed(name, options, result)
      })
    })
  }
}

/** The same, and a promise if none of the three callbacks is given. */
function promiseApi(host, name, work) {
  var api = callbackApi(host, name, work)
  return function (options) {
    options = options || {}
    if (options.success || options.fail || options.complete) return api(options)
    return new Promise(function (resolve, reject) {
      api(merge(merge({}, options), { success: resolve, fail: reject }))
    })
  }
}

function merge(target, source) {
  for (var name in source) {
    if (Object.prototype.hasOwnProperty.call(source, name)) target[name] = source[name]
  }
  return target
}

// ---- network ---------------------------------------------------------------------------------

function addNetwork(wx, host) {
  var queue = createQueue(PARALLEL_TRANSFERS)

  wx.request = function (options) {
    return startTransfer(host, queue, 'request', options || {}, requestMessage, requestResult)
  }
  wx.uploadFile = function (options) {
    return startTransfer(host, queue, 'uploadFile', options || {}, uploadMessage, uploadResult)
  }
}

/** Runs at most `limit` jobs at a time, the others in the order they came. */
function createQueue(limit) {
  var running = 0
  var waiting = []

  function next() {
    while (running < limit && waiting.length) {
      running++
      waiting.shift()(finished)
    }
  }
  function finished() {
    running--
    next()
  }
  return {
    add: function (job) {
      waiting.push(job)
      next()
    }
  }
}

/**
 * One request or upload: waits for its place, sends, and answers once, whoever comes first: the answer, the time-out
 * or abort(). Returns WeChat's task.
 */
function startTransfer(host, queue, name, options, toMessage, toResult) {
  var answered = false
  var breakOff = null
  var timer = null
  var leaveQueue = function () {}
  var headerListeners = []

  /** Answers whether it was this call that ended it. */
  function end() {
    if (answered) return false
    answered = true
    if (timer !== null) (host.clearTimeout || clearTimeout)(timer)
    leaveQueue()
    return true
  }

  function answer(reason, result) {
    if (!end()) return
    if (host.desktop && result && !(result.statusCode >= 200 && result.statusCode < 300)) {
      deliver(options, 'fail', merge({ errMsg: name + ':fail', errno: 600000 }, result))
    } else if (reason) refuse(name, options, reason)
    else succeed(name, options, result)
  }

  function breakWith(reason) {
    if (!end()) return
    if (breakOff) breakOff()
    later(host, function () { refuse(name, options, reason) })
  }

  function received(error, reply) {
    if (error) return answer({ reason: error.message || String(error), errno: 600001 })
    if (answered) return
    headerListeners.forEach(function (listener) { listener({ header: reply.headers }) })
    answer(null, toResult(options, reply))
  }

  function send(error, message) {
    if (answered) return
    if (error) return answer(error)
    timer = (host.setTimeout || setTimeout)(function () {
      breakWith({ reason: 'timeout', errno: 5 })
    }, options.timeout || DEFAULT_TIMEOUT)
    breakOff = host.send(message, received) || null
  }

  queue.add(function (done) {
    leaveQueue = done
    if (answered) return done()
    later(host, function () { toMessage(host, options, send) })
  })

  return {
    abort: function () { breakWith('abort') },
    onHeadersReceived: function (listener) { headerListeners.push(listener) },
    offHeadersReceived: function (listener) {
      headerListeners = headerListeners.filter(function (known) { return listener && known !== listener })
    },
    onProgressUpdate: function () {},
    offProgressUpdate: function () {}
  }
}

function requestMessage(host, options, done) {
  var method = String(options.method || 'GET').toUpperCase()
  if (!isUrl(options.url)) return done('invalid url "' + options.url + '"')
  if (METHODS.indexOf(method) < 0) return done('method "' + method + '" is not supported')
  if (options.responseType && options.responseType !== 'text') return done('responseType is text here')

  var headers = requestHeaders(host, options.header)
  var type = headerOf(headers, 'content-type')
  if (type === undefined) type = headers['content-type'] = 'application/json'
  var inQuery = method === 'GET' || method === 'HEAD'
  done(null, {
    method: method,
    url: inQuery ? withQuery(options.url, toQuery(options.data)) : options.url,
    headers: headers,
    body: inQuery ? null : toBody(options.data, type)
  })
}

function requestResult(options, reply) {
  var json = options.dataType === undefined || options.dataType === 'json'
  return {
    data: json ? parsed(reply.body) : reply.body,
    statusCode: reply.status,
    header: reply.headers,
    cookies: []
  }
}

/** One JSON.parse; what is no JSON stays a string. */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch (notJson) {
    return text
  }
}

function uploadMessage(host, options, done) {
  if (!isUrl(options.url)) return done('invalid url "' + options.url + '"')
  if (!options.name) return done('parameter error: parameter.name should be String')
  if (!host.readFile) return done('file not found')
  host.readFile(options.filePath, function (error, file) {
    if (error) return done('file not found')
    var boundary = 'wx' + Math.random().toString(16).slice(2) + Math.random().toString(16).slice(2)
    var headers = requestHeaders(host, options.header)
    removeHeader(headers, 'content-type')
    headers['content-type'] = 'multipart/form-data; boundary=' + boundary
    done(null, {
      method: 'POST',
      url: options.url,
      headers: headers,
      body: multipart(boundary, options, file)
    })
  })
}

function uploadResult(options, reply) {
  return { data: reply.body, statusCode: reply.status, header: reply.headers }
}

function multipart(boundary, options, file) {
  var form = options.formData || {}
  var texts = Object.keys(form).map(function (name) {
    return '--' + boundary + '\r\nContent-Disposition: form-data; name="' + quoted(name) + '"\r\n\r\n' +
        form[name] + '\r\n'
  })
  return [
    texts.join('') + '--' + boundary + '\r\nContent-Disposition: form-data; name="' + quoted(options.name) +
        '"; filename="' + quoted(file.name) + '"\r\nContent-Type: ' + file.type + '\r\n\r\n',
    file.bytes,
    '\r\n--' + boundary + '--\r\n'
  ]
}

/** As browsers write names into Content-Disposition. */
function quoted(text) {
  return String(text).replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')
}

function isUrl(url) {
  return typeof url === 'string' && /^https?:\/\/[^\s/]/i.test(url)
}

/** The caller's headers as text; Referer is WeChat's alone. */
function requestHeaders(host, given) {
  var headers = {}
  Object.keys(given || {}).forEach(function (name) {
    if (given[name] !== undefined && given[name] !== null) headers[name] = String(given[name])
  })
  removeHeader(headers, 'referer')
  headers.Referer = 'https://servicewechat.com/' + appId(host) + '/devtools/page-frame.html'
  return headers
}

function headerOf(headers, wanted) {
  for (var name in headers) {
    if (name.toLowerCase() === wanted) return headers[name]
  }
  return undefined
}

function removeHeader(headers, unwanted) {
  Object.keys(headers).forEach(function (name) {
    if (name.toLowerCase() === unwanted) delete headers[name]
  })
}

/** `encodeURIComponent(k)=encodeURIComponent(v)&…`; strings as they are. */
function toQuery(data) {
  if (data === undefined || data === null) return ''
  if (typeof data !== 'object') return String(data)
  return Object.keys(data).map(function (name) {
    var value = data[name]
    var text = typeof value === 'object' ? JSON.stringify(value) : value
    return encodeURIComponent(name) + '=' + encodeURIComponent(text)
  }).join('&')
}

function withQuery(url, query) {
  if (!query) return url
  return url + (url.indexOf('?') < 0 ? '?' : '&') + query
}

function toBody(data, contentType) {
  if (data === undefined || data === null) return null
  if (Object.prototype.toString.call(data) === '[object ArrayBuffer]') return [data]
  if (typeof data !== 'object') return String(data)
  return contentType.toLowerCase().indexOf(FORM) === 0 ? toQuery(data) : JSON.stringify(data)
}

// ---- WeChat's side of a login ----------------------------------------------------------------

function appId(host) {
  return host.appId || 'touristappid'
}

/** One call to the simulator; `done` gets what it answered, or the reason why not. */
function callSimulator(host, path, fields, done) {
  var body = { appid: appId(host) }
  if (host.openId) body.openid = host.openId
  host.send({
    method: 'POST',
    url: host.simulator + path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(merge(body, fields))
  }, function (error, reply) {
    if (error) return done(error.message || String(error))
    var answer = parsed(reply.body)
    if (reply.status !== 200) return done((answer && answer.error) || 'the simulator says ' + reply.status)
    done(null, answer)
  })
}

function addLogin(wx, host) {
  // wx.checkSession speaks of the session_key of the last code that this phone was given, at whatever launch.
  var forgetful = memoryStorage()
  var lastCode = 'code:' + appId(host) + ':' + (host.openId || '')

  function remembered() {
    return host.weChatStorage || forgetful
  }

  wx.login = callbackApi(host, 'login', function (options, done) {
    callSimulator(host, '/sim/login', host.unionId ? { unionid: host.unionId } : {}, function (reason, answer) {
      if (reason) return done(reason)
      remembered().setItem(lastCode, 'given')
      done(null, { code: answer.code })
    })
  })

  wx.checkSession = promiseApi(host, 'checkSession', function (options, done) {
    var over = { reason: 'session time out, need relogin', errCode: -13001 }
    if (!remembered().getItem(lastCode)) return done(over)
    callSimulator(host, '/sim/session', {}, function (reason, answer) {
      done(reason || !answer.valid ? over : null)
    })
  })
}

function addProfile(wx, host) {
  function readProfile(done) {
    callSimulator(host, '/sim/profile', host.userInfo ? { userInfo: host.userInfo } : {}, done)
  }
  function refused() {
    return Boolean(host.authSetting && host.authSetting['scope.userInfo'] === false)
  }

  wx.getUserInfo = callbackApi(host, 'getUserInfo', function (options, done) {
    if (refused()) return done('auth deny')
    readProfile(done)
  })

  wx.getUserProfile = promiseApi(host, 'getUserProfile', function (options, done) {
    if (typeof options.desc !== 'string' || !options.desc) {
      return done('parameter error: parameter.desc should be String')
    }
    if (refused()) return done('auth deny')
    readProfile(done)
  })

  wx.getSetting = promiseApi(host, 'getSetting', function (options, done) {
    done(null, { authSetting: merge({}, host.authSetting) })
  })

  wx.openSetting = promiseApi(host, 'openSetting', function (options, done) {
    show(host, 'openSetting', options, function (chosen) {
      host.authSetting = merge(merge({}, host.authSetting), chosen && chosen.authSetting)
      done(null, { authSetting: merge({}, host.authSetting) })
    })
  })
}

function addPrivacy(wx, host) {
  var listener = null

  function decided(done) {
    return function (decision) {
      var agreed = Boolean(decision && decision.event === 'agree')
      if (agreed) host.privacyNeeded = false
      done(agreed ? null : { reason: 'privacy permission is not authorized', errno: 104 })
    }
  }

  wx.onNeedPrivacyAuthorization = function (callback) { listener = callback }

  wx.getPrivacySetting = callbackApi(host, 'getPrivacySetting', function (options, done) {
    done(null, { needAuthorization: Boolean(host.privacyNeeded), privacyContractName: '《小程序隐私保护指引》' })
  })

  wx.requirePrivacyAuthorize = callbackApi(host, 'requirePrivacyAuthorize', function (options, done) {
    if (!host.privacyNeeded) return done(null)
    if (listener) return listener(decided(done), { referrer: 'requirePrivacyAuthorize' })
    show(host, 'requirePrivacyAuthorize', options, function (chosen) {
      decided(done)(chosen || { event: 'agree' })
    })
  })

  wx.openPrivacyContract = callbackApi(host, 'openPrivacyContract', function (options, done) {
    show(host, 'openPrivacyContract', options, function () { done(null) })
  })
}

// ---- storage ---------------------------------------------------------------------------------

function addStorage(wx, host) {
  var memory = memoryStorage()
  var ofSinglePage = memoryStorage()

  function store() {
    if (inSinglePage(host)) return ofSinglePage
    return host.storage || memory
  }
  function read(key) {
    var text = store().getItem(key)
    return text === null || text === undefined ? undefined : JSON.parse(text)
  }
  function asynchronous(name, work) {
    wx[name] = promiseApi(host, name, function (options, done) {
      var result
      try {
        result = work(options)
      } catch (error) {
        return done(error.message)
      }
      done(null, result)
    })
  }
  function info() {
    var keys = []
    for (var i = 0; i < store().length; i++) keys.push(store().key(i))
    return { keys: keys, currentSize: 1, limitSize: 10240 }
  }

  wx.getStorageSync = function (key) {
    var value = read(key)
    return value === undefined ? '' : value
  }
  wx.setStorageSync = function (key, data) {
    store().setItem(key, JSON.stringify(data === undefined ? '' : data))
  }
  wx.removeStorageSync = function (key) { store().removeItem(key) }
  wx.clearStorageSync = function () { store().clear() }
  wx.getStorageInfoSync = info

  asynchronous('getStorage', function (options) {
    var value = read(options.key)
    if (value === undefined) throw new Error('data not found')
    return { data: value }
  })
  asynchronous('setStorage', function (options) { wx.setStorageSync(options.key, options.data) })
  asynchronous('removeStorage', function (options) { wx.removeStorageSync(options.key) })
  asynchronous('clearStorage', function () { wx.clearStorageSync() })
  asynchronous('getStorageInfo', info)
}

/** Web storage in memory. */
function memoryStorage() {
  var values = {}
  var storage = {
    length: 0,
    key: function (index) { return Object.keys(values)[index] || null },
    getItem: function (key) {
      return Object.prototype.hasOwnProperty.call(values, key) ? values[key] : null
    },
    setItem: function (key, value) {
      values[key] = String(value)
      count()
    },
    removeItem: function (key) {
      delete values[key]
      count()
    },
    clear: function () {
      values = {}
      count()
    }
  }
  function count() { storage.length = Object.keys(values).length }
  return storage
}

// ---- screen and device -----------------------------------------------------------------------

function addScreen(wx, host) {
  var shown = ['showToast', 'hideToast', 'showLoading', 'hideLoading', 'showModal', 'showActionSheet',
    'navigateTo', 'navigateBack', 'redirectTo', 'reLaunch', 'switchTab',
    'setNavigationBarTitle', 'startPullDownRefresh', 'stopPullDownRefresh']

  shown.forEach(function (name) {
    wx[name] = promiseApi(host, name, function (options, done) {
      show(host, name, options, function (chosen) {
        if (chosen && chosen.fail) done(chosen.fail)
        else done(null, merge(defaultChoice(name), chosen))
      })
    })
  })
}

/** Tells the host, and gives on what it returns, now or later. */
function show(host, name, options, done) {
  var chosen = host.ui ? host.ui(name, options) : undefined
  if (chosen && typeof chosen.then === 'function') {
    chosen.then(function (value) {
      // Out of the promise: what a callback throws is not a rejection.
      later(host, function () { done(value) })
    })
  } else {
    done(chosen)
  }
}

function defaultChoice(name) {
  if (name === 'showModal') return { confirm: true, cancel: false }
  if (name === 'showActionSheet') return { tapIndex: 0 }
  return {}
}

function addDevice(wx, host) {
  function device() {
    return merge({ brand: 'devtools', model: 'Shim', system: 'iOS 17.0', platform: 'devtools' }, host.deviceInfo)
  }

  wx.getDeviceInfo = device
  wx.getAppBaseInfo = function () {
    return { SDKVersion: '3.5.0', language: 'zh_CN', version: '8.0.50', theme: 'light' }
  }
  wx.getSystemInfoSync = function () { return merge(wx.getAppBaseInfo(), device()) }
  wx.getAccountInfoSync = function () {
    return { miniProgram: { appId: appId(host), envVersion: 'develop', version: '' } }
  }
}

// ---- Moments' single page --------------------------------------------------------------------

var SINGLE_PAGE = 1154
var FULL_SERVICE = '请前往小程序使用完整服务'

/** Of share-timeline's list of what is disabled there, what this `wx` has. */
var NOT_IN_SINGLE_PAGE = ['login', 'checkSession', 'getUserInfo', 'getUserProfile', 'openSetting',
  'requirePrivacyAuthorize', 'openPrivacyContract', 'navigateTo', 'navigateBack', 'redirectTo', 'reLaunch', 'switchTab']

function inSinglePage(host) {
  return host.scene === SINGLE_PAGE
}

function addScene(wx, host) {
  function entered() {
    return {
      path: '',
      query: {},
      referrerInfo: {},
      scene: host.scene || 1001,
      apiCategory: inSinglePage(host) ? 'browseOnly' : 'default'
    }
  }
  wx.getEnterOptionsSync = entered
  wx.getLaunchOptionsSync = entered

  NOT_IN_SINGLE_PAGE.forEach(function (name) {
    var full = wx[name]
    // What errMsg says there is not published.
    var disabled = promiseApi(host, name, function (options, done) {
      show(host, 'showToast', { title: FULL_SERVICE, icon: 'none' }, function () { done('not available in single page') })
    })
    wx[name] = function (options) {
      return (inSinglePage(host) ? disabled : full)(options)
    }
  })
}

module.exports = { createWx: createWx }
