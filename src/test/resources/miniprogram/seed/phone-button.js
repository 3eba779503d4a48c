/* The tutorials' phone button: a login after the tap, and everything in one GET, the AppSecret included. */
'use strict'

exports.tapped = function (wx, server, tell, event) {
  var given = event.detail

  wx.login({
    success: function (login) {
      wx.request({
        url: server + '/getPhoneNumber.html',
        data: {
          appid: wx.getAccountInfoSync().miniProgram.appId,
          secret: 'canary-app-secret-of-a-client',
          code: login.code,
          encryptedData: given.encryptedData,
          iv: given.iv
        },
        success: function (answer) {
          var number = answer.data.phoneNumber
          wx.setStorage({
            key: 'phoneObj',
            data: number,
            success: function () {
              if (number) tell('success', number)
              else tell('refused', answer.data.error)
            }
          })
        }
      })
      // does not wait for the answer
      wx.navigateTo({ url: given.errMsg === 'getPhoneNumber:user deny' ? '../index/index' : '../test/test' })
    }
  })
}
