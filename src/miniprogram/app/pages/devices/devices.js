const session = require('../../session')
const { confirm, time, toast } = require('../../screen')

function shown({ sid, current, device = {}, lastSeenAt }) {
  return {
    sid,
    current,
    name: [device.brand, device.model].filter(Boolean).join(' ') || '未知设备',
    about: [device.system, time(lastSeenAt)].filter(Boolean).join(' · '),
  }
}

Component({
  data: {
    devices: [],
    others: false,
    notice: '',
  },

  methods: {
    onShow() {
      return this.load().catch(error => this.showFailure(error))
    },

    onEnd(event) {
      const { sid } = event.currentTarget.dataset
      return this.end('让这台设备退出登录？', () => session.endSession(sid))
    },

    onEndOthers() {
      return this.end('除本机以外的设备都将退出登录', () => session.endOtherSessions())
    },

    end(question, action) {
      return confirm(question, '退出').then(agreed => {
        if (!agreed) return undefined
        return action().then(() => {
          toast('已退出')
          return this.onShow()
        }, error => {
          // Another device, or another tap, was faster: the list is merely old.
          return error.code === 'not_found' ? this.onShow() : this.showFailure(error)
        })
      })
    },

    load() {
      return session.sessions().then(sessions => this.setData({
        devices: sessions.map(shown),
        others: sessions.length > 1,
        notice: '',
      }))
    },

    showFailure(error) {
      this.setData({ notice: error.message })
    },
  },
})
