/**
 * A stand-in for api.weixin.qq.com and for the phone that runs a mini program.
 *
 * <p>The story of a login: the phone's side ({@code /sim/login}, {@code wx.login}) makes a code;
 * the server under test hands it to WeChat's side ({@code /sns/jscode2session}) and gets the openid
 * and the session_key; the phone's side then encrypts data with that key ({@code /sim/phone},
 * {@code /sim/profile}), or makes phone codes that WeChat's side exchanges. Faults ({@code
 * /sim/faults}) and a clock ({@code /sim/clock}) make the bad days repeatable.
 *
 * <p>{@link io.thirdsession.simulator.WeChatSimulator} is the way in, from Java and over HTTP.
 * Where WeChat documents nothing, the code says that it guesses.
 */
package io.thirdsession.simulator;
