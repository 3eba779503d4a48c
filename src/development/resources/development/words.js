// The sample's Chinese in English, and the names of what happens.

const WORDS = {
  我的: 'Me',
  个人资料: 'Profile',
  手机号: 'Phone',
  登录设备: 'Devices',
  授权设置: 'Permissions',
  退出登录: 'Log out',
  注销账号: 'Erase account',
  微信登录: 'Log in with WeChat',
  '登录后可查看个人信息': 'Log in to see your profile',
  '正在登录…': 'Logging in…',
  重试: 'Try again',
  '服务器：': 'Server: ',
  '（由模拟器代替微信）': ' (a simulator plays WeChat)',
  未设置昵称: 'No name yet',
  '这个人很懒，什么也没留下': 'Nothing here yet',
  未绑定: 'Not bound',
  头像: 'Picture',
  昵称: 'Name',
  签名: 'Motto',
  请输入昵称: 'Your name',
  介绍一下自己: 'A few words',
  保存: 'Save',
  已保存: 'Saved',
  '昵称为空或未通过微信审核，没有修改': 'The name is empty, or WeChat did not accept it. It was not changed.',
  本次获取: 'Just received',
  获取手机号: 'Get number',
  解除绑定: 'Unbind',
  '模拟器代替微信：手机号不是真的。': 'A simulator plays WeChat: the number is not real.',
  本机: 'this one',
  退出: 'Log out',
  退出其他设备: 'Log out the others',
  未知设备: 'Unknown device',
  提示: 'Please confirm',
  取消: 'Cancel',
  好: 'OK',
  '退出后需要重新登录': 'You will have to log in again.',
  已退出登录: 'Logged out',
  '已退出登录，但本机存储不可用：下次打开时会重新登录': 'Logged out, but the storage is not available: the next launch will log in again.',
  '将删除服务器上你的全部数据，无法恢复': 'Everything the server holds of you will be erased, for good.',
  注销: 'Erase',
  账号已注销: 'Account erased',
  '让这台设备退出登录？': 'Log that device out?',
  '除本机以外的设备都将退出登录': 'All devices but this one will be logged out.',
  已退出: 'Done',
  '解除绑定后，服务器不再保存这个手机号': 'The server will forget this number.',
  解除: 'Unbind',
  已解除绑定: 'Unbound',
  '模拟微信：用户的选择': 'WeChat asks. What does the user do?',
  允许: 'Allow',
  拒绝: 'Refuse',
  不同意隐私保护指引: 'Refuse the privacy guide',
  验证额度已用完: 'Paid quota used up',
  小程序没有权限: 'Mini program not permitted',
  '你没有提供手机号。需要时可以再次点击按钮。': 'No number given. Tap again when you like.',
  '手机号验证额度已用完，请稍后再来。': 'The quota of phone numbers is used up. Come back later.',
  '这个小程序不能获取手机号：需要非个人主体，并已通过认证。': 'This mini program may not get numbers: its owner must be a verified organisation.',
  '小程序尚未在《用户隐私保护指引》中声明手机号。': 'Phone numbers are not declared in the privacy guide.',
  '获取手机号前，需要你同意《用户隐私保护指引》': 'First you have to agree to the privacy guide.',
  查看指引: 'Read it',
  '你未同意隐私保护指引。可以再次点击按钮，或在“授权设置”中修改。': 'You have not agreed to the privacy guide. Tap again, or change it under Permissions.',
  '网络不通，请稍后再试': 'No network. Try again later.',
  '服务器返回的内容无法识别，请稍后再试': 'The response of the server cannot be read. Try again later.',
  '微信登录失败，请稍后再试': 'wx.login failed. Try again later.',
  本机存储不可用: 'Storage is not available',
  请求的地址不在信任列表中: 'The URL is not on the list of trusted ones',
  你已拒绝授权手机号: 'You have refused to give your number',
  手机号验证额度已用完: 'The quota of phone numbers is used up',
  暂时无法获取手机号: 'No number can be had just now',
  你未同意隐私保护指引: 'You have not agreed to the privacy guide',
  小程序未在隐私保护指引中声明此功能: 'The privacy guide does not declare this',
  文件读取失败: 'The file cannot be read',
  请求已取消: 'Cancelled',
};

/** With a beginning that is ours and an end that is the server's. */
const BEGINNINGS = { '已退出登录，但未能通知服务器：': 'Logged out, but the server could not be told: ' };

/** Every text that has its English. */
export const KNOWN = [...Object.keys(WORDS), ...Object.keys(BEGINNINGS)];

export function english(text) {
  if (WORDS[text]) return WORDS[text];
  for (const [zh, en] of Object.entries(BEGINNINGS)) {
    if (text.startsWith(zh)) return en + english(text.slice(zh.length));
  }
  return text;
}

/** What the user did, by page or by the sample's handler. */
export const CHAPTERS = {
  launch: ['打开小程序', 'The mini program opens'],
  back: ['返回', 'Back'],
  relogin: ['重新登录', 'Log in again'],
  revoke: ['另一台手机：结束其他会话', 'The other phone ends all other sessions'],
  next: ['手机的下一个请求', 'The phone’s next request'],
  'pages/profile/profile': ['个人资料', 'Profile'],
  'pages/phone/phone': ['手机号', 'Phone'],
  'pages/devices/devices': ['登录设备', 'Devices'],
  onShow: ['重试', 'Try again'],
  onRetry: ['重试', 'Try again'],
  onLogin: ['微信登录', 'Log in with WeChat'],
  onLogout: ['退出登录', 'Log out'],
  onErase: ['注销账号', 'Erase account'],
  onSimulatedTap: ['获取手机号', 'Get number'],
  onUnbind: ['解除绑定', 'Unbind'],
  onEnd: ['结束一台设备的会话', 'End a device’s session'],
  onEndOthers: ['退出其他设备', 'Log out the others'],
  onSubmit: ['保存资料', 'Save the profile'],
  onChooseAvatar: ['上传头像', 'Upload a picture'],
  lateLogin: ['有人在点击之后又调用了 wx.login：密钥换了', 'Somebody called wx.login after the tap: another key'],
};
