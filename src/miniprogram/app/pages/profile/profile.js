const session = require('../../session')
const { toast } = require('../../screen')

const NICKNAME_REFUSED = '昵称为空或未通过微信审核，没有修改'

Component({
  data: {
    user: {},
    loaded: false, // before that the empty fields say nothing, and saving them would erase what is stored
    busy: false,
    notice: '',
  },

  methods: {
    onLoad() {
      return this.load()
    },

    onRetry() {
      return this.load()
    },

    /** The picture is a temporary file of this phone: others see it only once it is uploaded. */
    onChooseAvatar(event) {
      return this.work(session.uploadAvatar(event))
    },

    onNickname(event) {
      this.typed = event.detail.value
    },

    /** Values are taken from the form: WeChat may clear a nickname that it objects to after the last input event. */
    onSubmit(event) {
      if (!this.data.loaded) return Promise.resolve()
      const { nickName, title } = event.detail.value
      const { user } = this.data
      const refused = !nickName && Boolean(user.nickName || this.typed)
      const changes = {}
      if (nickName !== user.nickName && !refused) changes.nickName = nickName
      if (title !== user.title) changes.title = title
      return this.save(changes).then(saved => {
        if (!saved) return
        if (refused) {
          this.setData({ notice: NICKNAME_REFUSED })
          return
        }
        toast('已保存')
        wx.navigateBack({ fail() {} })
      })
    },

    load() {
      return this.work(session.me()).then(loaded => this.setData({ loaded }))
    },

    /** Only what has changed: another phone may have changed the rest meanwhile. */
    save(changes) {
      if (Object.keys(changes).length === 0) return Promise.resolve(true)
      return this.work(session.updateProfile(changes))
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
