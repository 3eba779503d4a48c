const session = require('../../session')
const config = require('../../config')
const simulator = require('../../simulator')
const { confirm, toast } = require('../../screen')

const NOTICES = {
  phone_denied: '你没有提供手机号。需要时可以再次点击按钮。',
  phone_quota: '手机号验证额度已用完，请稍后再来。',
  phone_unavailable: '这个小程序不能获取手机号：需要非个人主体，并已通过认证。',
  privacy_undeclared: '小程序尚未在《用户隐私保护指引》中声明手机号。',
}

Component({
  data: {
    ready: false, // the login is done: the button may be tapped
    busy: false,
    offered: true,
    offeredRealtime: true, // its quota is bought apart
    maskedPhone: '',
    phoneNumber: '',
    notice: '',
    simulator: config.simulator,
  },

  methods: {
    /** The login comes before the tap: one made in the event's handler could change the key that WeChat has used. */
    onShow() {
      const shows = this.shows = (this.shows || 0) + 1
      const setIfLatest = data => shows === this.shows && this.setData(data)
      this.setData({ ready: false, notice: '' })
      // The number is shown though WeChat may be away; only the button wants a fresh key.
      const shown = session.me().then(user => setIfLatest({ maskedPhone: user.maskedPhone || '' }))
      return Promise.all([session.prepare(), shown]).then(
        () => setIfLatest({ ready: true }),
        error => setIfLatest({ notice: error.message }))
    },

    /** Each success is charged, so the button rests from the event until the server has answered. */
    onPhone(event) {
      return this.bind(event, 'offered')
    },

    /** WeChat has verified this number just now, which costs more; the server is sent the same. */
    onRealtimePhone(event) {
      return this.bind(event, 'offeredRealtime')
    },

    bind(event, offered) {
      if (this.data.busy) return Promise.resolve()
      this.setData({ busy: true, notice: '', phoneNumber: '' })
      return session.bindPhone(event).then(phone => this.showPhone(phone), error => this.showRefusal(error, offered))
        .then(() => this.setData({ busy: false }))
    },

    onSimulatedTap() {
      return simulator.tapPhoneButton().then(event => event && this.onPhone(event))
    },

    onSimulatedRealtimeTap() {
      return simulator.tapPhoneButton('getRealtimePhoneNumber').then(event => event && this.onRealtimePhone(event))
    },

    onUnbind() {
      return confirm('解除绑定后，服务器不再保存这个手机号', '解除').then(agreed => agreed && this.unbind())
    },

    unbind() {
      return session.unbindPhone().then(() => {
        this.setData({ maskedPhone: '', phoneNumber: '' })
        toast('已解除绑定')
      }, error => this.setData({ notice: error.message }))
    },

    showPhone({ phoneNumber }) {
      this.setData({ phoneNumber })
      // Bound in any case: a notice would ask for another tap, which is charged.
      return this.showBinding().catch(() => this.setData({ maskedPhone: phoneNumber }))
    },

    showBinding() {
      return session.me().then(user => {
        this.setData({ maskedPhone: user.maskedPhone || '' })
        return user.maskedPhone
      })
    },

    showRefusal(error, offered) {
      // With the quota gone every further tap would only annoy.
      if (error.code === 'phone_quota') this.setData({ [offered]: false })
      if (error.code === 'privacy_denied') return this.explainPrivacy()
      if (error.code === 'network' || error.code === 'bad_answer') return this.askWhetherBound(error)
      this.setData({ notice: NOTICES[error.code] || error.message })
    },

    /** No answer is no refusal: the number may have arrived, and another tap would be charged again. */
    askWhetherBound(error) {
      return this.showBinding().catch(() => '').then(bound => {
        this.setData({ notice: bound ? '' : error.message })
      })
    },

    explainPrivacy() {
      return confirm('获取手机号前，需要你同意《用户隐私保护指引》', '查看指引').then(agreed => {
        this.setData({ notice: '你未同意隐私保护指引。可以再次点击按钮，或在“授权设置”中修改。' })
        if (agreed) wx.openPrivacyContract({ fail() {} })
      })
    },

    onOpenSetting() {
      this.setData({ notice: '' })
    },
  },
})
