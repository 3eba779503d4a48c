const { create } = require('./third-session/index')
const config = require('./config')

/** The one session of this mini program: every page requires this module. */
module.exports = create({ baseUrl: config.baseUrl, device: true })
