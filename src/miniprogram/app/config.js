module.exports = {
  /** Where the server is. On a real phone: an HTTPS domain, or your machine's address in the same Wi-Fi. */
  baseUrl: 'http://localhost:8080',

  /**
   * `mvn jetty:run` without an AppID of your own has a simulator in WeChat's place. The phone button's data then come
   * from it: what DevTools gives is under a key that only WeChat knows. With your own AppID: false.
   */
  simulator: true,
}
