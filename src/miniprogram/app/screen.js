/** Asks, and resolves to whether the user has agreed. */
function confirm(content, confirmText) {
  return new Promise(resolve => wx.showModal({
    title: '提示',
    content,
    confirmText,
    success: ({ confirm: agreed }) => resolve(agreed),
    fail: () => resolve(false),
  }))
}

function toast(title) {
  wx.showToast({ title, icon: 'none' })
}

/** `2026-11-22T13:41:42.922Z` as `11-22 21:41`, in this phone's time. */
function time(iso) {
  const date = new Date(iso)
  if (isNaN(date.getTime())) return ''
  const two = number => String(number).padStart(2, '0')
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

module.exports = { confirm, toast, time }
