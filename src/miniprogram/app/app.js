const session = require('./session')

App({
  onLaunch() {
    // The login is on its way before anybody can tap. The first page waits for the same one, and shows what goes wrong.
    session.prepare({ complete() {} })
  },
})
