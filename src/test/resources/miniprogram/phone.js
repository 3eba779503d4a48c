/*
 * The globals of a phone: `wx`, over the shim that all tests share, and what scripts may ask of their tests.
 * Java gives `java.send`, `setTimeout`, `clearTimeout`, `load` and `settings`; only texts and functions cross that
 * border.
 */
'use strict'

var host = JSON.parse(settings)
host.files = {}

host.send = function (message, done) {
  var parts = message.body === null ? [] : [].concat(message.body).map(function (part) {
    return typeof part === 'string' ? { text: part } : { file: part.path }
  })
  var sent = { method: message.method, url: message.url, headers: message.headers, parts: parts }
  return java.send(JSON.stringify(sent), function (error, reply) {
    if (error) done(new Error(error))
    else done(null, JSON.parse(reply))
  })
}

host.readFile = function (path, done) {
  var file = host.files[path]
  if (file) done(null, { name: file.name, type: file.type, bytes: { path: path } })
  else done(new Error('no such file'))
}

/** What the user was shown: `{name, options}`, oldest first. */
var shown = []
host.ui = function (name, options) {
  shown.push({ name: name, url: options.url || '' })
}

var wx = load('src/miniprogram/wx/index.js').createWx(host)

/** How often the mini program has called wx.login. */
var logins = 0
;(function (login) {
  wx.login = function (options) {
    logins++
    return login(options)
  }
})(wx.login)

/** A client of the library, as if the mini program were started anew. */
function launch(options) {
  var all = { baseUrl: host.server, wx: wx }
  for (var name in options) all[name] = options[name]
  return load('src/miniprogram/app/third-session/index.js').create(all)
}

/** wx.request with a promise. */
function ask(path, options) {
  return new Promise(function (resolve, reject) {
    var all = { url: host.server + path, success: resolve, fail: reject }
    for (var name in options) all[name] = options[name]
    wx.request(all)
  })
}

/** The sids that twenty requests at once are given. */
function twentyAtOnce(session) {
  var requests = []
  for (var i = 0; i < 20; i++) requests.push(session.request({ url: '/api/session' }))
  return Promise.all(requests).then(function (answers) {
    return answers.map(function (answer) { return answer.data.sid })
  })
}

/** The event of a tap on the phone button. */
function tap(fields) {
  var data = { appid: host.appId, openid: host.openId }
  for (var name in fields) data[name] = fields[name]
  return new Promise(function (resolve, reject) {
    wx.request({
      url: host.simulator + '/sim/phone',
      method: 'POST',
      data: data,
      success: function (answer) { resolve({ detail: answer.data }) },
      fail: reject
    })
  })
}

/** Tells Java how a script has ended; errors keep the fields that make them what they are. */
function finish(work, done) {
  Promise.resolve().then(work).then(function (value) {
    done(true, value === undefined ? 'null' : JSON.stringify(value))
  }, function (error) {
    var told = { message: String(error && error.message), errMsg: String(error && error.errMsg) }
    for (var name in error) {
      if (name !== 'data') told[name] = error[name]
    }
    done(false, JSON.stringify(told))
  })
}
