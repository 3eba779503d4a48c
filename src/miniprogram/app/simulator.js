const config = require('./config')

/** What the phone button's event says on a real phone, by what the user and WeChat do. */
const CHOICES = [
  { title: '允许', detail: null },
  { title: '拒绝', detail: { errMsg: 'getPhoneNumber:fail user deny' } },
  {
    title: '不同意隐私保护指引',
    detail: { errMsg: 'getPhoneNumber:fail privacy permission is not authorized', errno: 104 },
  },
  { title: '验证额度已用完', detail: { errMsg: 'getPhoneNumber:fail', errno: 1400001 } },
  { title: '小程序没有权限', detail: { errMsg: 'getPhoneNumber:fail no permission' } },
]

/**
 * Stands in for `<button open-type="getPhoneNumber">`, or `"getRealtimePhoneNumber"`: resolves to the event, or to null
 * if the sheet is closed.
 */
function tapPhoneButton(openType = 'getPhoneNumber') {
  return choose().then(choice => {
    if (!choice) return null
    return choice.detail ? { detail: choice.detail } : allow()
  }).then(event => event && { detail: detailOf(openType, event.detail) })
}

/** The button for a number verified just now has words of its own, and gives the code alone. */
function detailOf(openType, detail) {
  if (openType === 'getPhoneNumber') return detail
  const own = { errMsg: detail.errMsg.replace('getPhoneNumber', openType) }
  if (detail.errno !== undefined) own.errno = detail.errno
  if (detail.code !== undefined) own.code = detail.code
  return own
}

function choose() {
  return new Promise(resolve => wx.showActionSheet({
    alertText: '模拟微信：用户的选择',
    itemList: CHOICES.map(choice => choice.title),
    success: ({ tapIndex }) => resolve(CHOICES[tapIndex]),
    fail: () => resolve(null),
  }))
}

function allow() {
  return new Promise(resolve => wx.request({
    url: `${config.baseUrl}/sim/phone`,
    method: 'POST',
    data: {},
    success: ({ statusCode, data }) => {
      resolve({ detail: statusCode === 200 ? data : { errMsg: `getPhoneNumber:fail simulator ${statusCode}` } })
    },
    fail: ({ errMsg }) => resolve({ detail: { errMsg: `getPhoneNumber:fail simulator ${errMsg}` } }),
  }))
}

module.exports = { tapPhoneButton }
