/* A login kept as `third_Session`, from an answer whose `Data` is a text; then the user info is stored with it. */
'use strict'

exports.start = function (wx, server, tell) {
  wx.checkSession({
    success: function () { tell('still logged in') },
    fail: fetchSession
  })

  function fetchSession() {
    wx.login({
      success: function (login) {
        if (!login.code) return
        wx.request({
          url: server + '/onLogin.html',
          data: { code: login.code },
          success: keepSession,
          fail: function () { tell('no answer') }
        })
      },
      fail: function () { tell('no code') }
    })
  }

  function keepSession(answer) {
    if (answer.data.code !== 0) return tell('login refused', answer.data.code)
    var inner = JSON.parse(answer.data.Data)
    wx.setStorage({ key: 'third_Session', data: inner.third_Session })
    askForUser()
  }

  function askForUser() {
    wx.getUserInfo({
      success: function (shown) { exports.store(wx, server, tell, shown.userInfo) },
      fail: function () { tell('not shown') }
    })
  }
}

exports.store = function (wx, server, tell, user) {
  wx.getStorage({
    key: 'third_Session',
    success: function (kept) {
      var sent = { third_Session: kept.data }
      ;['nickName', 'avatarUrl', 'gender', 'province', 'city', 'country'].forEach(function (name) {
        sent[name] = user[name]
      })
      wx.request({
        url: server + '/setUserInfo.html',
        data: sent,
        success: function (answer) {
          if (answer.data.code === 0) tell('success')
          else tell('storing refused', answer.data.error)
        }
      })
    }
  })
}

/** The page of the user: one half or the other of it is shown. */
exports.page = function (wx, server, tell) {
  wx.request({
    url: server + '/getUserInfo.html',
    data: { third_Session: wx.getStorageSync('third_Session') },
    success: function (answer) {
      var view = { isLogin: answer.data.isLogin, dataList: answer.data.dataList }
      if (view.isLogin === 2) return tell('not logged in')
      tell('success', [view.dataList.head_photo, view.dataList.username, view.dataList.title])
    }
  })
}
