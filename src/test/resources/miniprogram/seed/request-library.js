/*
 * A login through the tutorials' request library, which hands over a part of the answer or all of it, depending on its
 * version. The ciphertext is percent-encoded before it gets there, and once more on its way.
 */
'use strict'

/** By form, success by `code`, hands over `data`. */
exports.handingOverData = function (wx, url, params, on) {
  return exchange(wx, url, params, on, { method: 'POST', header: { 'content-type': 'application/x-www-form-urlencoded' } },
    function (body) { return body.code === 0 },
    function (body) { return body.data })
}

/** By query, success by `success` and `result_code`, hands over everything. */
exports.handingOverAll = function (wx, url, params, on) {
  return exchange(wx, url, params, on, { method: 'GET', header: { 'content-type': 'application/json' } },
    function (body) { return body.success === true && body.result_code === 0 },
    function (body) { return body })
}

function exchange(wx, url, params, on, how, isGood, part) {
  return {
    send: function () {
      on.before()
      wx.request({
        url: url,
        method: how.method,
        header: how.header,
        data: params,
        success: function (answer) {
          if (answer.statusCode === 200 && isGood(answer.data)) on.success(part(answer.data))
          else on.error(answer.data.message, answer.data.code)
        },
        fail: function (failure) { on.error(failure.errMsg, 0) }
      })
    }
  }
}

exports.start = function (wx, server, tell, build) {
  wx.login({
    success: function (login) {
      wx.getUserInfo({
        success: function (shown) {
          var params = {}
          params.code = login.code
          params.encryptedData = encodeURIComponent(shown.encryptedData)
          params.iv = shown.iv
          build(wx, server + '/thirdLogin.html', params, {
            before: function () {},
            success: function (data) { tell('success', [data.session_id, data.uid]) },
            error: function (words, number) { tell('refused', number) }
          }).send()
        },
        fail: function () { tell('not shown') }
      })
    }
  })
}
