/// <reference types="miniprogram-api-typings" />

/**
 * Makes the one session client of a mini program.
 * Throws a TypeError if `baseUrl` is no address, or if there is no `wx`.
 */
export function create(options: Options): ThirdSession

export interface Options {
  /** Address of the server, e.g. `https://login.example.com`. */
  baseUrl: string
  /** Addresses of your other servers that may be sent the token. */
  backends?: string[]
  /** Default: the server sees it in the Referer. */
  appId?: string
  /**
   * What "my devices" shall show of this phone: `true` for model and system, or values of your own. What is neither a
   * text (of which 64 characters are sent), a finite number nor a boolean, and what comes after 32 values, is left out:
   * the result of `wx.getDeviceInfo()` will do. Default: nothing.
   */
  device?: boolean | object | (() => object)
  /** Default: `third_session`. */
  storageKey?: string
  /** Milliseconds for each exchange but uploads, if the call does not say. Default: 15000. */
  timeout?: number
  /** Milliseconds for each upload, if the call does not say. Default: 60000. */
  uploadTimeout?: number
  /** Shows your own privacy dialog. Default: WeChat's. */
  onNeedPrivacyAuthorization?: PrivacyListener
  /** Default: the global one. */
  wx?: WeChat
}

/** What the library needs of `wx`; the optional calls are missing on older base libraries. */
export type WeChat =
  & Pick<WechatMiniprogram.Wx,
    'login' | 'checkSession' | 'request' | 'uploadFile' | 'getStorageSync' | 'setStorageSync' | 'removeStorageSync'>
  & Partial<Pick<WechatMiniprogram.Wx,
    'compressImage' | 'getFileSystemManager' | 'getDeviceInfo' | 'getAppBaseInfo' | 'getSystemInfoSync' | 'onNeedPrivacyAuthorization' | 'requirePrivacyAuthorize'
    | 'getEnterOptionsSync' | 'getLaunchOptionsSync'>>

/** As WeChat documents it; its typings lack the parameters. */
export type PrivacyListener = (
  resolve: (decision: { event: 'exposureAuthorization' | 'agree' | 'disagree', buttonId?: string }) => void,
  eventInfo: { referrer: string }
) => void

export type DeviceValues = Record<string, string | number | boolean>

/**
 * Every method calls back if it is given `success`, `fail` or `complete`, and then returns nothing. Otherwise it
 * returns a promise. What it fails with is a {@link ThirdSessionError}.
 */
export interface ThirdSession {
  /** `wx.login`, then a new session. Several at once are one. Ends the state "logged out". */
  login(options: LoginOptions & WithCallbacks<LoginAnswer>): void
  login(options?: LoginOptions): Promise<LoginAnswer>

  /**
   * To be called at launch, and in `onShow` of every page with a phone button: logs in if the server or WeChat no
   * longer knows this phone, so that a login always precedes the tap. Does nothing in Moments' single page.
   */
  prepare(callbacks: WithCallbacks<void>): void
  prepare(): Promise<void>

  /**
   * As `wx.request`, with the token, and after a login if there is no session. `url` is a path of the server, or an
   * address at one of `backends`. Any status but 2xx is a failure. Repeated once, after a login, if the answer is 401
   * (bare or `session_invalid`) or 403 `login_required`; not if it has just logged in for this, and never else.
   * In Moments' single page it goes out without a token, and such an answer is `single_page`.
   */
  request<T extends string | WechatMiniprogram.IAnyObject | ArrayBuffer = WechatMiniprogram.IAnyObject>(
    options: RequestOptions & WithCallbacks<WechatMiniprogram.RequestSuccessCallbackResult<T>>): void
  request<T extends string | WechatMiniprogram.IAnyObject | ArrayBuffer = WechatMiniprogram.IAnyObject>(
    options: RequestOptions): Promise<WechatMiniprogram.RequestSuccessCallbackResult<T>>

  /** As `wx.uploadFile`, on the terms of `request`. `data` is parsed if it is JSON. */
  uploadFile<T = unknown>(options: UploadOptions & WithCallbacks<UploadAnswer<T>>): void
  uploadFile<T = unknown>(options: UploadOptions): Promise<UploadAnswer<T>>

  /** The token, for `wx.connectSocket` and the like; after a login if there is none. */
  thirdSession(callbacks: WithCallbacks<string>): void
  thirdSession(): Promise<string>

  /**
   * Asks the server whether this session is good. `null`: there is none. Never logs in; a login that is under way is
   * waited for before it says "none".
   */
  checkSession(callbacks: WithCallbacks<Session | null>): void
  checkSession(): Promise<Session | null>

  me(callbacks: WithCallbacks<User>): void
  me(): Promise<User>

  /** Changes what is given; `''` clears. */
  updateProfile(profile: Profile, callbacks: WithCallbacks<User>): void
  updateProfile(profile: Profile): Promise<User>

  /**
   * Takes the event of `<button open-type="chooseAvatar">`, or the path of a picture. One of more than 512 KB, and HEIC
   * and WebP, go through `wx.compressImage` first, where there is one.
   */
  uploadAvatar(avatar: ChooseAvatarEvent | string, callbacks: WithCallbacks<{ avatarUrl: string }>): void
  uploadAvatar(avatar: ChooseAvatarEvent | string): Promise<{ avatarUrl: string }>

  /**
   * Takes the event of `<button open-type="getPhoneNumber">` or `"getRealtimePhoneNumber"` (or its detail) and sends
   * what it bears, once. Call `prepare` when the page is shown. In the place of another number, the user's other sessions end.
   */
  bindPhone(event: PhoneEvent | PhoneDetail, callbacks: WithCallbacks<BoundPhone>): void
  bindPhone(event: PhoneEvent | PhoneDetail): Promise<BoundPhone>

  /** The user's other sessions end, if a number was bound. */
  unbindPhone(callbacks: WithCallbacks<void>): void
  unbindPhone(): Promise<void>

  /** Asks for the user's consent to the privacy guide, where it is still missing. */
  requirePrivacy(callbacks: WithCallbacks<void>): void
  requirePrivacy(): Promise<void>

  /** This user's devices. */
  sessions(callbacks: WithCallbacks<Device[]>): void
  sessions(): Promise<Device[]>

  /** Ends one of `sessions`. Of this device: as `logout`. */
  endSession(sid: string, callbacks: WithCallbacks<void>): void
  endSession(sid: string): Promise<void>

  endOtherSessions(callbacks: WithCallbacks<void>): void
  endOtherSessions(): Promise<void>

  /** As `logout`, on all devices. */
  endAllSessions(callbacks: WithCallbacks<void>): void
  endAllSessions(): Promise<void>

  /**
   * Ends the session. From then on nothing but `login` logs in, at the next launch neither. If it fails, the phone is
   * logged out all the same, and the next login ends the session on the server. With `storage` that lasts until the
   * app ends only: the next launch will not know of it.
   */
  logout(callbacks: WithCallbacks<void>): void
  logout(): Promise<void>

  /** Erases the user with everything that the server holds of him. */
  erase(callbacks: WithCallbacks<void>): void
  erase(): Promise<void>

  /** Returns a function that takes the listener away again. */
  onSessionChange(listener: (change: SessionChange) => void): () => void

  /** What is known without asking anybody. For display, not for decisions. */
  state(): State
}

/** As in WeChat's calls: at least one of the three. */
export type WithCallbacks<T> =
  | Callbacks<T> & Required<Pick<Callbacks<T>, 'success'>>
  | Callbacks<T> & Required<Pick<Callbacks<T>, 'fail'>>
  | Callbacks<T> & Required<Pick<Callbacks<T>, 'complete'>>

export interface Callbacks<T> {
  success?: (result: T) => void
  fail?: (error: ThirdSessionError) => void
  complete?: (result: T | ThirdSessionError) => void
}

export interface LoginOptions {
  /** `e.detail.code` of `getPhoneNumber`: log in and bind the number in one. */
  phoneCode?: string
}

export interface LoginAnswer {
  /** This was the user's first login. */
  newUser: boolean
  user: User
  /** Seconds. */
  expiresIn: number
  /** Why the number of `phoneCode` was not bound; the login stands. */
  phoneError?: string
}

type WxRequestOptions = Omit<WechatMiniprogram.RequestOption, 'success' | 'fail' | 'complete'>
type WxUploadOptions = Omit<WechatMiniprogram.UploadFileOption, 'success' | 'fail' | 'complete'>

export interface RequestOptions extends WxRequestOptions {
  /** Gets WeChat's task, to abort it for instance; a second one if the request is repeated. */
  onTask?: (task: WechatMiniprogram.RequestTask) => void
}

export interface UploadOptions extends WxUploadOptions {
  onTask?: (task: WechatMiniprogram.UploadTask) => void
}

export type UploadAnswer<T> = Omit<WechatMiniprogram.UploadFileSuccessCallbackResult, 'data'> & { data: T }

export interface User {
  userId: string
  /** Texts that were never given are empty. */
  nickName: string
  avatarUrl: string
  /** 0 unknown, 1 male, 2 female. */
  gender: 0 | 1 | 2
  province: string
  city: string
  country: string
  language: string
  title: string
  /** Such as `135****6666`; `null` without a number. */
  maskedPhone: string | null
  /** ISO 8601, UTC. */
  createdAt: string
  lastLoginAt: string
}

export type Profile = Partial<Pick<User,
  'nickName' | 'gender' | 'province' | 'city' | 'country' | 'language' | 'avatarUrl' | 'title'>>

export interface Session {
  userId: string
  appId: string
  sid: string
  createdAt: string
  expiresAt: string
  /** Seconds. */
  expiresIn: number
}

export interface Device {
  sid: string
  /** It is this one. */
  current: boolean
  /** In which mini program. */
  appId: string
  /** What the login said of it. */
  device: DeviceValues
  /** From where it logged in. */
  address: string
  /** Which of the server's calls it logged in with; `login` is this library's. */
  origin: 'login' | 'getOpenid' | 'onLogin' | 'thirdLogin' | 'wafer' | (string & {})
  /** ISO 8601, UTC. */
  createdAt: string
  lastSeenAt: string
  expiresAt: string
}

export interface BoundPhone {
  /** With the country code if it is a foreign number. */
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
  /** `prepare` was missing or not done: the login came after the tap, which the old way may not survive. */
  loggedInAfterTap: boolean
}

export interface PhoneDetail {
  errMsg: string
  errno?: number
  code?: string
  encryptedData?: string
  iv?: string
}

export interface PhoneEvent {
  detail: PhoneDetail
}

export interface ChooseAvatarEvent {
  detail: { avatarUrl: string }
}

export interface SessionChange {
  /**
   * `login`: there is a new session, after each login. `logout`: by the user's wish. `ended`: the server has ended the
   * session, and no login has replaced it: none was to be made (`checkSession`), it failed, or its session was refused
   * as well. The next request tries again.
   */
  reason: 'login' | 'logout' | 'ended'
  loggedIn: boolean
  user: User | null
  /** False if this phone's storage has failed: the session lives until the app ends. */
  stored: boolean
}

export interface State {
  loggedIn: boolean
  /** By the user's wish; `login` ends it. */
  loggedOut: boolean
  /** As last heard of; `null` after a launch until `login`, `me` or `updateProfile`. */
  user: User | null
  /** Seconds, by this phone's clock. */
  expiresIn: number
  stored: boolean
  /** Moments' single page (scene 1154), where nobody can log in: show what is for everybody. */
  singlePage: boolean
}

/** A code of the server (see the API's documentation), or one of the library's own. */
export type ErrorCode =
  | 'network' | 'aborted' | 'bad_answer' | 'wx_login_failed' | 'logged_out' | 'single_page' | 'storage' | 'file_unreadable'
  | 'url_not_trusted' | 'phone_denied' | 'phone_quota' | 'phone_unavailable' | 'privacy_denied' | 'privacy_undeclared'
  | (string & {})

export interface ThirdSessionError extends Error {
  name: 'ThirdSessionError'
  /** For people, in Chinese. */
  message: string
  code: ErrorCode
  /** 0 if there was no answer. */
  status: number
  /** A new login comes first. */
  relogin: boolean
  /** The same call may succeed later. The library never makes it by itself. */
  retryable: boolean
  /** What the tap gave is of no use any more: the user has to tap again. */
  tapAgain: boolean
  /** Seconds. */
  retryAfter?: number
  requestId?: string
  /** With `invalid_request`. */
  field?: string
  /** The diagnosis; only a development server gives it. */
  hint?: string
  /** The body of the answer, if there was one. */
  data?: unknown
  /** With `network`. */
  reason?: 'unreachable' | 'timeout' | 'interrupted' | 'domain'
  /** What WeChat says. */
  errMsg?: string
  errno?: number
  /** With `bindPhone`. */
  loggedInAfterTap?: boolean
}
