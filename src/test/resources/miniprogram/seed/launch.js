/* The launch of the ThinkPHP tutorials: code and user info in one GET, the openid into the storage. */
'use strict'

exports.start = function (wx, server, tell) {
  var visits = wx.getStorageSync('logs') || []
  visits.unshift(Date.now())
  wx.setStorageSync('logs', visits)

  wx.login({ success: askForUser, fail: function () { tell('no code') } })

  function askForUser(login) {
    wx.getUserInfo({
      success: function (shown) {
        if (!login.code) return tell('no code')
        send(login.code, shown.userInfo)
      },
      fail: function () { tell('not shown') }
    })
  }

  function send(code, user) {
    wx.request({
      url: server + '/getOpenid.html',
      data: { code: code, nick: user.nickName, avaurl: user.avatarUrl, sex: user.gender },
      header: { 'content-type': 'application/json' },
      success: function (answer) {
        wx.setStorageSync('openid', answer.data.openid)
        if (answer.data.openid) tell('success', answer.data.openid)
        else tell('refused', answer.data.errcode)
      }
    })
  }
}
