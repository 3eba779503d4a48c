/** Every text of the page: Chinese, English. */
const WORDS = {
  operator: ['运维', 'Operator'],
  language: ['语言', 'Language'],
  parts: ['功能', 'Parts of the page'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  signInHow: ['使用 SERVICE_CLIENTS 中的一个服务端凭证。', 'With a service client in SERVICE_CLIENTS.'],
  clientId: ['凭证 ID', 'Client id'],
  clientSecret: ['密钥', 'Secret'],
  kept: ['密钥只保存在本页内存中，刷新或关闭页面后需重新登录。', 'The secret stays in the memory of this page: reloading or closing it signs out.'],
  wrongClient: ['凭证 ID 或密钥不正确。', 'The client id or the secret is wrong.'],
  signedOut: ['凭证已失效，请重新登录。', 'These credentials are no longer accepted: sign in again.'],
  noScope: ['该凭证没有 users 权限，也没有不限小程序的 manage 或 metrics 权限，这里没有它能用的功能。', 'This client has neither the scope users, nor manage or metrics without limits of apps: there is nothing here for it.'],
  offline: ['无法连接服务器，请检查网络后重试。', 'The server cannot be reached: check the connection and try again.'],
  requestId: ['请求编号', 'Request'],
  users: ['用户', 'Users'],
  everybody: ['所有会话', 'All sessions'],
  node: ['本节点', 'This node'],
  doctor: ['部署检查', 'Doctor'],
  examine: ['重新检查', 'Examine again'],
  examining: ['正在检查，最长 10 秒……', 'Looking at everything, for 10 s at most…'],
  ok: ['正常', 'Right'],
  warning: ['注意', 'Warning'],
  failed: ['失败', 'Failed'],
  cure: ['处理：', 'Cure: '],
  counters: ['本节点计数', 'Counters of this node'],
  recount: ['刷新', 'Read again'],
  since: ['自登录本页起的增量：', 'Since you signed in: '],
  nothingCounted: ['还没有新的计数。', 'Nothing was counted since.'],
  searchBy: ['查找方式', 'Search by'],
  value: ['查找内容', 'Search for'],
  phone: ['手机号', 'Phone number'],
  countryCode: ['国家或地区码，如 86', 'Country code, 86 if empty'],
  find: ['查找', 'Find'],
  newestUsers: ['最新用户', 'Newest users'],
  found: ['查找结果', 'Found'],
  toNewest: ['最新用户', 'Newest users'],
  older: ['更早的', 'Older'],
  nobody: ['没有找到用户。', 'Nobody was found.'],
  nobodyHere: ['这一页没有你能看到的用户。', 'Nobody on this page whom you may see.'],
  choose: ['从列表中选择一个用户，或按 userId、openid、unionid、手机号查找。', 'Choose a user from the list, or find one by userId, openid, unionid or phone number.'],
  back: ['返回列表', 'Back to the list'],
  noName: ['未设置昵称', 'No nickname'],
  disabled: ['已停用', 'Disabled'],
  enabled: ['正常', 'Enabled'],
  state: ['状态', 'State'],
  createdAt: ['首次登录', 'First login'],
  lastLoginAt: ['最近登录', 'Last login'],
  region: ['地区', 'Region'],
  gender: ['性别', 'Gender'],
  male: ['男', 'Male'],
  female: ['女', 'Female'],
  title: ['签名', 'About'],
  identities: ['微信身份', 'Identities'],
  sessions: ['会话', 'Sessions'],
  noSessions: ['没有有效会话。', 'No live sessions.'],
  audit: ['审计记录', 'Audit trail'],
  noAudit: ['没有审计记录。', 'Nothing is recorded.'],
  began: ['登录于', 'Began'],
  lastSeen: ['最近使用', 'Last used'],
  expires: ['有效期至', 'Expires'],
  unknownDevice: ['未知设备', 'Unknown device'],
  by: ['操作者', 'By'],
  disable: ['停用', 'Disable'],
  enable: ['恢复', 'Enable'],
  endSessions: ['结束全部会话', 'End all sessions'],
  endSession: ['结束', 'End'],
  endSessionOf: ['结束会话：', 'End the session: '],
  erase: ['注销用户', 'Erase'],
  cancel: ['取消', 'Cancel'],
  disableAsk: ['停用后，该用户的所有会话立即结束，且不能再登录，直到恢复为止。', 'All sessions of this user end at once, and the user cannot log in until enabled again.'],
  enableAsk: ['恢复后，该用户可以重新登录。', 'The user can log in again.'],
  endSessionsAsk: ['该用户在所有设备上都需要重新登录。', 'The user must log in again on every device.'],
  endSessionAsk: ['该设备需要重新登录。', 'That device must log in again.'],
  eraseAsk: ['身份、密钥、资料、手机号、会话都会被删除，无法恢复。用户再次登录时会成为新用户。', 'Identities, keys, profile, phone number and sessions are deleted for good. A later login makes a new user.'],
  typeThis: ['请输入以确认：', 'To confirm, type: '],
  typed: ['确认内容', 'Confirmation'],
  didDisable: ['已停用。', 'Disabled.'],
  didEnable: ['已恢复。', 'Enabled.'],
  didEndSessions: ['会话已全部结束。', 'All sessions of the user have ended.'],
  didEndSession: ['会话已结束。', 'The session has ended.'],
  didErase: ['用户已注销。', 'The user is erased.'],
  endAllTitle: ['结束所有人的会话', 'End everybody’s sessions'],
  endAllWhat: ['用于密钥或 token 泄露之后：所有用户都需要重新登录，小程序会自动完成。此后的新会话不受影响。', 'For the day after a leak: every user must log in again, which mini programs do by themselves. Sessions that begin afterwards stay.'],
  endAllApp: ['只结束这个小程序的会话（appid，可不填）', 'Only of this app (appid, optional)'],
  endAll: ['结束会话', 'End the sessions'],
  endAllAsk: ['以下范围的会话将全部结束：', 'All of these sessions will end: '],
  everyApp: ['所有小程序', 'every app'],
  ending: ['正在结束会话，请不要关闭页面。已结束：', 'Sessions are ending, leave this page open. So far: '],
  didEndAll: ['全部完成。已结束会话数：', 'Done. Sessions ended: '],
};

/** What the audit trail calls them, for people. */
const EVENTS = {
  login: ['登录', 'Login'],
  login_failed: ['登录失败', 'Login failed'],
  logout: ['退出登录', 'Logout'],
  session_ended: ['会话被结束', 'Session ended'],
  phone_bound: ['绑定手机号', 'Phone bound'],
  phone_unbound: ['解绑手机号', 'Phone unbound'],
  consent_revoked: ['在微信撤回授权，已删除', 'Taken back in WeChat, deleted'],
  external_id_changed: ['外部 id 已变更', 'External id changed'],
  decrypt_failed: ['解密失败', 'Decryption failed'],
  key_quarantined: ['session_key 被隔离', 'session_key quarantined'],
  key_reset: ['session_key 已重置', 'session_key reset'],
  exported: ['导出数据', 'Exported'],
  erased: ['注销', 'Erased'],
  disabled: ['停用', 'Disabled'],
  enabled: ['恢复', 'Enabled'],
  rate_limited: ['超出限制', 'Rate limited'],
};

export const languages = ['zh-CN', 'en'];

let language = navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';

export const currentLanguage = () => language;

export function speak(chosen) {
  language = chosen;
}

/** Returns the text of this name in the language that is spoken. */
export const word = name => WORDS[name][languages.indexOf(language)];

export const eventName = name => Object.hasOwn(EVENTS, name) ? EVENTS[name][languages.indexOf(language)] : name;

/** Returns a time of the API as a local one. */
export function time(text) {
  return new Date(text).toLocaleString(language, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
  });
}

export const number = value => value.toLocaleString(language);
