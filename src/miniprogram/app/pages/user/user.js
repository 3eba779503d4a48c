const session = require('../../session')
const config = require('../../config')
const { confirm, toast } = require('../../screen')

const LOGGED_IN = 1
const LOGGED_OUT = 2
const TITLE = '登录与账号示例'

const SERVER_NOT_TOLD = '已退出登录，但未能通知服务器：'
const NOT_STORED = '已退出登录，但本机存储不可用：下次打开时会重新登录'

Component({
  data: {
    isLogin: 0, // 1 yes, 2 no, 0 not yet known
    singlePage: false, // opened from Moments: nobody can log in, and there is nothing to tap
    user: {},
    busy: false,
    notice: '',
    server: config.baseUrl,
    simulator: config.simulator,
  },

  lifetimes: {
    attached() {
      this.logouts = 0
      // Also for what other pages do: the last device ended, the user erased.
      this.leave = session.onSessionChange(({ loggedIn, reason }) => {
        if (!loggedIn) this.setData({ isLogin: LOGGED_OUT, user: {} })
        if (reason === 'logout') {
          this.logouts++
          this.setData({ busy: false })
        }
      })
    },
    detached() {
      this.leave()
    },
  },

  methods: {
    /** No prepare() here: without a phone button it does not matter whether WeChat can be asked. */
    onShow() {
      const { singlePage } = session.state()
      this.setData({ singlePage })
      if (singlePage) return Promise.resolve()
      return this.work(() => session.me())
    },

    /** Moments take only pages that can be sent to a friend, too. */
    onShareAppMessage() {
      return { title: TITLE, path: '/pages/user/user' }
    },

    onShareTimeline() {
      return { title: TITLE }
    },

    onLogin() {
      return this.work(() => session.login().then(answer => answer.user))
    },

    /** Whatever has failed last. */
    onRetry() {
      return this.retry()
    },

    onLogout() {
      return confirm('退出后需要重新登录', '退出').then(agreed => agreed && this.logout())
    },

    logout() {
      this.setData({ notice: '' })
      return session.logout().then(() => toast('已退出登录'), error => {
        if (!session.state().loggedOut) return // who has logged in since wants no second logout
        // Logged out all the same: the next login ends the session on the server.
        this.offerRetry(error.code === 'storage' ? NOT_STORED : SERVER_NOT_TOLD + error.message, () => this.logout())
      })
    },

    onErase() {
      return confirm('将删除服务器上你的全部数据，无法恢复', '注销').then(agreed => agreed && this.erase())
    },

    erase() {
      this.setData({ notice: '' })
      return session.erase().then(() => toast('账号已注销'), error => this.showFailure(error, () => this.erase()))
    },

    /** What a logout overtakes is over: neither its user nor its failure is of the session of now. */
    work(begin) {
      const { logouts } = this
      const unlessOver = show => value => {
        if (logouts !== this.logouts) return
        show(value)
        this.setData({ busy: false })
      }
      this.setData({ busy: true, notice: '' })
      return begin().then(
        unlessOver(user => this.showUser(user)),
        unlessOver(error => this.showFailure(error, () => this.work(begin))))
    },

    showUser(user) {
      if (session.state().loggedIn) this.setData({ isLogin: LOGGED_IN, user })
    },

    showFailure(error, retry) {
      if (!session.state().loggedIn) this.setData({ isLogin: LOGGED_OUT })
      this.offerRetry(error.code === 'logged_out' ? '' : error.message, retry)
    },

    offerRetry(notice, retry) {
      this.retry = retry
      this.setData({ notice })
    },
  },
})
