const session = require('../../session')
const config = require('../../config')
const { confirm, toast } = require('../../screen')

const LOGGED_IN = 1
const LOGGED_OUT = 2

Component({
  data: {
    isLogin: 0, // 1 yes, 2 no, 0 not yet known
    user: {},
    busy: false,
    notice: '',
    server: config.baseUrl,
    simulator: config.simulator,
  },

  lifetimes: {
    attached() {
      // Also for what other pages do: the last device ended, the user erased.
      this.leave = session.onSessionChange(change => {
        if (!change.loggedIn) this.setData({ isLogin: LOGGED_OUT, user: {} })
      })
    },
    detached() {
      this.leave()
    },
  },

  methods: {
    onShow() {
      return this.work(session.prepare().then(() => session.me()))
    },

    onLogin() {
      return this.work(session.login().then(answer => answer.user))
    },

    onLogout() {
      return confirm('退出后需要重新登录', '退出').then(agreed => agreed && this.logout())
    },

    logout() {
      return session.logout().then(() => toast('已退出登录'), error => {
        // Logged out all the same: the next login ends the session on the server.
        this.setData({ notice: `已退出登录，但未能通知服务器：${error.message}` })
      })
    },

    onErase() {
      return confirm('将删除服务器上你的全部数据，无法恢复', '注销').then(agreed => agreed && this.erase())
    },

    erase() {
      return session.erase().then(() => toast('账号已注销'), error => this.showFailure(error))
    },

    work(asked) {
      this.setData({ busy: true, notice: '' })
      return asked.then(user => this.setData({ isLogin: LOGGED_IN, user }), error => this.showFailure(error))
        .then(() => this.setData({ busy: false }))
    },

    showFailure(error) {
      const { loggedIn } = session.state()
      this.setData({
        isLogin: loggedIn ? this.data.isLogin : LOGGED_OUT,
        notice: error.code === 'logged_out' ? '' : error.message,
      })
    },
  },
})
