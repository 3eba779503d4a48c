/* The wepy tutorials: two POSTs, each a promise; user id and user info into the storage. */
'use strict'

function post(wx, url, data) {
  return new Promise(function (resolve, reject) {
    wx.request({ url: url, method: 'POST', data: data, success: resolve, fail: reject })
  })
}

exports.start = function (wx, server, tell) {
  wx.checkSession({
    success: function () { tell('still logged in') },
    fail: function () { exports.login(wx, server, tell) }
  })
}

/** What a page does whenever it is shown. */
exports.shown = function (wx, server, tell) {
  if (wx.getStorageSync('session_key')) tell('still logged in')
  else exports.login(wx, server, tell)
}

exports.login = function (wx, server, tell) {
  wx.login({
    success: function (login) {
      post(wx, server + '/onLogin.html', { code: login.code }).then(function (answer) {
        if (answer.data.code !== 0) return tell('login refused', answer.data.code)
        wx.setStorageSync('openid', answer.data.openid)
        wx.setStorageSync('session_key', answer.data.third_Session)
        return exports.whoAmI(wx, server, tell)
      })
    }
  })
}

exports.whoAmI = function (wx, server, tell) {
  var kept = wx.getStorageSync('session_key')
  return post(wx, server + '/getUserId.html', { third_Session: kept }).then(function (answer) {
    if (answer.data.code !== 0) return tell('user refused', answer.data.error)
    wx.setStorage({ key: 'userId', data: answer.data.userId })
    wx.setStorage({
      key: 'userInfo',
      data: answer.data.userInfo,
      success: function () { tell('success', [answer.data.userId, answer.data.userInfo]) }
    })
  })
}
