const session = require('../../session')
const { toast } = require('../../screen')

Component({
  data: {
    user: {},
    busy: false,
    notice: '',
  },

  methods: {
    onLoad() {
      return this.work(session.me())
    },

    /** The picture is a temporary file of this phone: others see it only once it is uploaded. */
    onChooseAvatar(event) {
      return this.work(session.uploadAvatar(event))
    },

    /** Values are taken from the form: WeChat may clear a nickname that it objects to after the last input event. */
    onSubmit(event) {
      const { nickName, title } = event.detail.value
      return this.work(session.updateProfile({ nickName, title })).then(saved => {
        if (!saved) return
        toast('已保存')
        wx.navigateBack({ fail() {} })
      })
    },

    /** Resolves to whether it went well. */
    work(asked) {
      this.setData({ busy: true, notice: '' })
      return asked.then(changes => {
        this.setData({ busy: false, user: Object.assign({}, this.data.user, changes) })
        return true
      }, error => {
        this.setData({ busy: false, notice: error.message })
        return false
      })
    },
  },
})
