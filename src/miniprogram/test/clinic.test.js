'use strict'

// The decrypt clinic: known answers for each cause. Its script is taken out of the page as it is.

const test = require('node:test')
const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const crypto = require('node:crypto')

const PAGE = fs.readFileSync(path.join(__dirname, '../../site/resources/decrypt-clinic.html'), 'utf8').replace(/\r\n/g, '\n')
const VECTORS = JSON.parse(fs.readFileSync(path.join(__dirname, '../../test/resources/wechat-vectors.json'), 'utf8'))
const HAN = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/

const part = (name) => new RegExp(`<${name}>(.*?)</${name.split(' ')[0]}>`, 's').exec(PAGE)[1]
const Clinic = new Function('crypto', `${part('script id="logic"')}; return Clinic`)(crypto.webcrypto)

const { appid, sessionKey, iv, encryptedData } = VECTORS.official
const OFFICIAL = { appId: appid, sessionKey, iv, encryptedData }
const NOW = 1800000000000
const KEY = 'kP+7x/2Vq+0d9yAhL/sQ5w=='
const OTHER_KEY = VECTORS.official_sha1_signature[0].sessionKey
const USER = { nickName: '张三😀', gender: 1, language: 'zh_CN', city: '', province: '', country: '中国', avatarUrl: 'https://thirdwx.qlogo.cn/a+b/132' }
const RAW = JSON.stringify(USER)

const said = new Map() // code → a finding that a test has seen

async function diagnose(fields, now = NOW) {
  const result = await Clinic.diagnose(fields, now)
  result.findings.forEach(finding => said.set(finding.code, finding))
  return result
}

/** The causes that were found: all that is not just a remark. */
async function causes(fields, now) {
  const { findings } = await diagnose(fields, now)
  return findings.filter(({ level }) => level === 'bad' || level === 'cause').map(({ code, field }) => (field ? `${field}: ${code}` : code))
}

const codes = ({ findings }) => findings.map(({ code }) => code)

function encrypted(value, { key = KEY, age = 5, appId = appid } = {}) {
  const vector = crypto.createHash('md5').update(JSON.stringify(value)).digest()
  const cipher = crypto.createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), vector)
  const plain = typeof value === 'string' ? value : JSON.stringify({ ...value, watermark: { timestamp: NOW / 1000 - age, appid: appId } })
  return { appId, sessionKey: key, iv: vector.toString('base64'), encryptedData: Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64') }
}

const sha1 = text => crypto.createHash('sha1').update(text).digest('hex')
const signed = (rawData, of = RAW) => ({ sessionKey: KEY, rawData, signature: sha1(of + KEY) })

test('WeChat’s own sample decrypts', async () => {
  const { findings, json } = await diagnose(OFFICIAL)

  assert.deepEqual(json, VECTORS.official.expectedJson)
  assert.deepEqual(codes({ findings }), ['long_ago', 'opened', 'right_app'])
  assert.equal(Clinic.summary(findings).level, 'good')
})

test('the page offers WeChat’s own sample', () => {
  for (const value of Object.values(OFFICIAL)) assert.ok(part('script id="page"').includes(`'${value}'`))
})

for (const vector of VECTORS.synthetic.filter(({ expectedPlaintext, expect }) => expectedPlaintext && expect.startsWith('ok'))) {
  test(`a known answer: ${vector.name}`, async () => {
    const { json } = await diagnose({ ...vector, appId: vector.appid })

    assert.deepEqual(json, JSON.parse(vector.expectedPlaintext))
  })
}

const REJECTED = {
  wrong_watermark_appid: 'appId: other_app',
  no_watermark: 'encryptedData: no_watermark',
  not_json: 'encryptedData: not_json',
  wrong_session_key: 'sessionKey: wrong_key',
  iv_15_bytes: 'iv: iv_length',
  plus_turned_into_space: 'encryptedData: blanks',
}

for (const [name, cause] of Object.entries(REJECTED)) {
  test(`a known answer: ${name}`, async () => {
    const vector = VECTORS.synthetic.find(each => each.name === name)

    assert.deepEqual(await causes({ ...vector, appId: vector.appid ?? '' }), [cause])
  })
}

test('fresh data of this app has nothing wrong', async () => {
  const result = await diagnose(encrypted({ phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' }))

  assert.deepEqual(codes(result), ['opened', 'right_app', 'fresh'])
  assert.deepEqual(Clinic.summary(result.findings), { level: 'good', zh: '解密正常', en: 'It decrypts' })
})

test('tells what kind of data it is', async () => {
  const kind = async value => (await diagnose(encrypted(value))).findings.find(({ code }) => code === 'opened').kind

  assert.equal(await kind({ phoneNumber: '13580006666' }), 'phone')
  assert.equal(await kind({ stepInfoList: [{ timestamp: 1445866601, step: 100 }] }), 'steps')
  assert.equal(await kind({ openGId: 'tGId' }), 'group')
  assert.equal(await kind({ openId: 'oX', nickName: '张三' }), 'user')
  assert.equal(await kind({ result: 1 }), 'other')
})

// --- encodings ---

const DAMAGES = {
  blanks: text => text.replace(/\+/g, ' '),
  encoded_once: encodeURIComponent,
  encoded_twice: text => encodeURIComponent(encodeURIComponent(text)),
  url_alphabet: text => text.replace(/\+/g, '-').replace(/\//g, '_'),
  line_breaks: text => text.replace(/.{20}/g, '$&\r\n'),
  wrapped: text => `"${text}"`,
  json_escapes: text => text.replace(/\//g, '\\/'),
  html_escapes: text => text.replace(/\+/g, '&#43;').replace(/=/g, '&#x3D;'),
  invisible: text => `\u200b${text}`,
  padding: text => text.replace(/=+$/, ''),
  base64_twice: text => Buffer.from(text).toString('base64'),
}

for (const [cause, damage] of Object.entries(DAMAGES)) {
  for (const field of ['sessionKey', 'iv', 'encryptedData']) {
    test(`${field} damaged: ${cause}`, async () => {
      const good = { ...encrypted({ phoneNumber: '13580006666' }), sessionKey: KEY }
      // texts in which there is something to damage
      const base = field === 'iv' ? { ...OFFICIAL, iv } : field === 'encryptedData' ? OFFICIAL : good
      const damaged = damage(base[field])
      if (damaged === base[field]) return // this alphabet has no such character here

      assert.deepEqual(await causes({ ...base, [field]: damaged }), [`${field}: ${cause}`])
    })
  }
}

test('the damages of encryptedData are all seen', () => {
  for (const damage of Object.values(DAMAGES)) assert.notEqual(damage(encryptedData), encryptedData)
})

test('more than one damage: all are named', async () => {
  const found = await causes({ ...OFFICIAL, encryptedData: encodeURIComponent(encryptedData.replace(/\+/g, ' ')), iv: `'${iv}'` })

  assert.deepEqual(found, ['iv: wrapped', 'encryptedData: encoded_once', 'encryptedData: blanks'])
})

test('a lost plus is found where one is missing', async () => {
  const data = encrypted({ phoneNumber: '13580006666' })
  const at = encryptedData.indexOf('+')

  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: encryptedData.slice(0, at) + encryptedData.slice(at + 1) }), ['encryptedData: lost_plus'])
  assert.deepEqual(await causes({ ...data, sessionKey: KEY.replace('+', '') }), ['sessionKey: lost_plus'])
})

test('a blank at the very end is a plus where the length wants one', async () => {
  const { findings } = await diagnose({ ...OFFICIAL, encryptedData: `${'A'.repeat(63)} ` })

  assert.ok(findings.some(({ code, field }) => code === 'blanks' && field === 'encryptedData'))
})

test('a name and a comma pasted along from JSON', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, iv: `  "iv": "${iv}",` }), ['iv: wrapped'])
  assert.deepEqual(await causes({ ...OFFICIAL, iv: `iv=${iv}` }), ['iv: wrapped'])
})

test('an end of line that the clipboard brought is no cause', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: `\n${encryptedData}\r\n`, sessionKey: ` ${sessionKey} ` }), [])
})

test('a whole event, or WeChat’s answer, may be pasted into one field', async () => {
  const { findings, json } = await diagnose({ sessionKey: JSON.stringify({ session_key: sessionKey, openid: 'oX' }), encryptedData: JSON.stringify({ detail: { errMsg: 'ok', encryptedData, iv } }) })

  assert.equal(json.nickName, 'Band')
  assert.deepEqual(findings.filter(({ code }) => code === 'whole_json').map(({ names }) => names), [['session_key'], ['encryptedData', 'iv']])
})

test('base64 that is cut off, shortened or something else', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: encryptedData.slice(0, 200 + 1) }), ['encryptedData: cut'])
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: `${encryptedData.slice(0, 40)}...` }), ['encryptedData: shortened'])
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: encryptedData.replace('C', '*') }), ['encryptedData: not_base64'])
  assert.equal(said.get('not_base64').at, 1)
})

// --- lengths and mix-ups ---

test('an iv of 15 bytes', async () => {
  const { findings } = await diagnose({ ...OFFICIAL, iv: Buffer.from(iv, 'base64').subarray(0, 15).toString('base64') })

  assert.equal(findings[0].code, 'iv_length')
  assert.equal(findings[0].bytes, 15)
  assert.equal(findings[1].code, 'only_iv', 'the rest is right')
})

test('an iv in hexadecimal, and one that is text', async () => {
  const data = encrypted({ openGId: 'x' })
  const text = '0123456789abcdef'
  const cipher = crypto.createCipheriv('aes-128-cbc', Buffer.from(KEY, 'base64'), Buffer.from(text))
  const byText = Buffer.concat([cipher.update('{"watermark":{"appid":"wx","timestamp":1}}'), cipher.final()]).toString('base64')

  assert.deepEqual(await causes({ ...data, iv: Buffer.from(data.iv, 'base64').toString('hex') }), ['iv: hex'])
  assert.deepEqual(await causes({ sessionKey: KEY, iv: text, encryptedData: byText }), ['iv: plain_text'])
})

test('the iv of another call', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, iv: 'EBESExQVFhcYGRobHB0eHw==' }), ['iv: iv_other'])
})

const IN_PLACE_OF_THE_KEY = {
  key_is_token: '3rd_AaQCA3deAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  key_is_appsecret: '0123456789abcdef0123456789abcdef',
  key_is_appid: 'wx4f4bc4dec97d474b',
  key_is_openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
  key_is_code: '0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P',
  key_is_jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  key_length: Buffer.alloc(15, 7).toString('base64'),
}

for (const [cause, text] of Object.entries(IN_PLACE_OF_THE_KEY)) {
  test(`in place of the key: ${cause}`, async () => {
    assert.deepEqual(await causes({ ...OFFICIAL, sessionKey: text }), [`sessionKey: ${cause}`])
    assert.deepEqual(await causes({ sessionKey: text }), [`sessionKey: ${cause}`], 'by itself')
  })
}

test('a key in hexadecimal is one if it opens the data', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, sessionKey: Buffer.from(sessionKey, 'base64').toString('hex') }), ['sessionKey: hex'])
})

test('data that is no multiple of 16 was cut off', async () => {
  const { findings } = await diagnose({ ...OFFICIAL, encryptedData: encryptedData.slice(0, 260) })

  assert.deepEqual([findings[0].code, findings[0].bytes], ['data_length', 195])
  assert.equal(findings[1].code, 'begins_well', 'so the key is right')
})

test('data that was cut off at a block is known by its beginning', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: encryptedData.slice(0, 256) }), ['encryptedData: data_cut'])
})

test('key and iv in each other’s fields', async () => {
  const { findings, json } = await diagnose({ ...OFFICIAL, sessionKey: iv, iv: sessionKey })

  assert.equal(json.nickName, 'Band')
  assert.deepEqual([findings[0].code, findings[0].key, findings[0].iv], ['swapped', 'iv', 'sessionKey'])
})

test('data and iv in each other’s fields', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, encryptedData: iv, iv: encryptedData }), ['iv: swapped'])
})

// --- the key, the app, the time ---

test('another key', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, sessionKey: OTHER_KEY }), ['sessionKey: wrong_key'])
})

test('another key is told from everything else, whatever its padding looks like', async () => {
  const data = encrypted({ phoneNumber: '13580006666' })
  for (let i = 0; i < 600; i++) { // some of these have a padding that looks right
    const { findings } = await Clinic.diagnose({ ...data, sessionKey: crypto.createHash('md5').update(`${i}`).digest('base64') }, NOW)
    assert.deepEqual(codes({ findings }), ['wrong_key'], `key ${i}`)
  }
})

test('another app', async () => {
  const { findings, json } = await diagnose({ ...OFFICIAL, appId: 'wx0123456789abcdef' })

  assert.ok(json)
  assert.deepEqual([findings[0].level, findings[0].code, findings[0].found], ['bad', 'other_app', appid])
})

test('an appid with its quotes is the same app', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, appId: ` "${appid}",` }), [])
})

test('the app is shown where none was named', async () => {
  const { findings } = await diagnose({ ...OFFICIAL, appId: '' })

  assert.equal(findings.find(({ code }) => code === 'app_not_compared').found, appid)
})

for (const [age, code] of [[299, 'fresh'], [301, 'stale'], [3 * 24 * 3600 - 1, 'stale'], [3 * 24 * 3600 + 1, 'long_ago'], [-59, 'fresh'], [-61, 'future']]) {
  test(`data of ${age} s ago is ${code}`, async () => {
    assert.ok(codes(await diagnose(encrypted({ openGId: 'x' }, { age }))).includes(code))
  })
}

test('what has no watermark, or is no JSON', async () => {
  assert.deepEqual(await causes(encrypted('{"a":1}')), ['encryptedData: no_watermark'])
  assert.deepEqual(await causes(encrypted('a letter, not an object')), ['encryptedData: not_json'])
})

// --- the signature ---

test('WeChat’s own example of a signature is right', async () => {
  const result = await diagnose(VECTORS.official_sha1_signature[0])

  assert.deepEqual(codes(result), ['signature_right'])
  assert.equal(Clinic.summary(result.findings).en, 'The signature is right')
})

test('data and signature that are both right', async () => {
  const { findings } = await diagnose({ ...encrypted({ openId: 'oX', ...USER }), ...signed(RAW) })

  assert.equal(Clinic.summary(findings).en, 'It decrypts, and the signature is right')
})

const python = value => JSON.stringify(value).replace(/[\u0080-\uffff]/g, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)

const REWRITTEN = {
  raw_trimmed: [` ${RAW}\n`],
  raw_whitespace: [JSON.stringify(USER, null, 2), RAW.replace(/,"/g, ', "').replace(/":/g, '": ')],
  raw_unicode: [python(USER), python(USER).replace(/,"/g, ', "'), RAW.replace('+', '\\u002b')],
  raw_slashes: [RAW.replace(/\//g, '\\/')],
  raw_reordered: [JSON.stringify(Object.fromEntries(Object.entries(USER).sort(([a], [b]) => (a < b ? -1 : 1))))],
  raw_types: [JSON.stringify({ ...USER, gender: '1' })],
  raw_more: [JSON.stringify({ ...USER, id: null }), JSON.stringify({ openId: null, ...USER, watermark: {} })],
  raw_escaped: [JSON.stringify(RAW), RAW.replace(/"/g, '\\"')],
  raw_html: [RAW.replace(/"/g, '&quot;'), RAW.replace(/"/g, '&#34;')],
  raw_encoded: [encodeURIComponent(RAW), encodeURIComponent(encodeURIComponent(RAW)), encodeURIComponent(RAW).replace(/%20/g, '+')],
  raw_quotes: [`'${RAW}'`],
}

for (const [cause, texts] of Object.entries(REWRITTEN)) {
  test(`a signature over rawData that was rewritten: ${cause}`, async () => {
    for (const text of texts) {
      const { findings } = await diagnose(signed(text))

      assert.deepEqual(codes({ findings }), [cause, 'signature_right'], text)
    }
  })
}

test('a signature over rawData that was rewritten twice', async () => {
  assert.deepEqual(await causes(signed(JSON.stringify(USER, null, 1).replace(/"/g, '&quot;'))), ['rawData: raw_html', 'rawData: raw_whitespace'])
  assert.deepEqual(await causes(signed(encodeURIComponent(RAW.replace(/\//g, '\\/')))), ['rawData: raw_encoded', 'rawData: raw_slashes'])
})

test('an emoji that was lost is known by what was encrypted', async () => {
  const { findings } = await diagnose({ ...encrypted({ openId: 'oX', ...USER, unionId: 'u' }), ...signed(RAW.replace('😀', '?')) })

  assert.deepEqual([findings[0].code, findings[0].names, findings[0].lost], ['raw_changed', ['nickName'], true])
})

test('a name that was edited is known by what was encrypted', async () => {
  const { findings } = await diagnose({ ...encrypted({ openId: 'oX', ...USER }), ...signed(RAW.replace('张三', '李四')) })

  assert.deepEqual([findings[0].code, findings[0].names, findings[0].lost], ['raw_changed', ['nickName'], false])
})

test('encryptedData in place of rawData', async () => {
  assert.deepEqual(await causes({ ...OFFICIAL, rawData: encryptedData, signature: sha1('x') }), ['rawData: raw_is_encrypted'])
  assert.deepEqual(await causes({ sessionKey, rawData: encryptedData, signature: sha1('x') }), ['rawData: raw_is_encrypted'])
})

test('a signature of another key', async () => {
  const data = encrypted({ openId: 'oX', ...USER })

  assert.deepEqual(await causes({ ...data, ...signed(RAW), sessionKey: OTHER_KEY }), ['sessionKey: wrong_key', 'sessionKey: signature_other_key'])
  assert.deepEqual(await causes({ ...signed(RAW), sessionKey: OTHER_KEY }), ['signature: signature_unknown'])
})

test('a signature of another call', async () => {
  assert.deepEqual(await causes({ ...encrypted({ openId: 'oX', ...USER }), ...signed(RAW), signature: sha1('other') }), ['rawData: signature_of_other_data'])
})

test('a signature whose key stands in the field of the iv', async () => {
  assert.deepEqual(await causes({ ...signed(RAW), sessionKey: iv, iv: KEY }), ['sessionKey: signature_by_iv'])
})

test('rawData and signature in each other’s fields', async () => {
  const { rawData, signature } = signed(RAW)

  assert.deepEqual(await causes({ sessionKey: KEY, rawData: signature, signature: rawData }), ['rawData: signature_swapped'])
})

test('a signature of another form', async () => {
  const login = VECTORS.official_hmac_sha256[0]
  const { signature } = signed(RAW)

  assert.deepEqual(await causes({ ...signed(RAW), signature: signature.toUpperCase() }), ['signature: signature_upper'])
  assert.deepEqual(await causes({ ...signed(RAW), signature: `"${signature}"` }), ['signature: wrapped'])
  assert.deepEqual(await causes({ sessionKey: login.sessionKey, rawData: login.message, signature: login.signature }), ['signature: signature_login'])
  assert.deepEqual(await causes({ ...signed(RAW), signature: signature + signature.slice(16) }), ['signature: signature_sha256'])
  assert.deepEqual(await causes({ ...signed(RAW), signature: signature.slice(1) }), ['signature: signature_shape'])
})

test('a key that was damaged signs as the one it was', async () => {
  assert.deepEqual(await causes({ ...signed(RAW), sessionKey: encodeURIComponent(KEY) }), ['sessionKey: encoded_once'])
})

// --- the page ---

test('what is missing is said, and is no fault', async () => {
  assert.deepEqual(await diagnose({}), { findings: [], json: undefined })
  assert.deepEqual((await diagnose({ sessionKey })).findings, [{ level: 'note', code: 'missing', fields: ['encryptedData', 'iv'] }])
  assert.deepEqual((await diagnose({ sessionKey, rawData: RAW })).findings, [{ level: 'note', code: 'missing', fields: ['signature'] }])
})

test('nothing that anybody pastes makes it fail', async () => {
  const texts = ['', ' ', '=', '%', '%%', '%2', '\\', '\\u', '&#x110000;', '{', '{}', '[]', 'null', '"', '\ud800', '\0', '====', 'A', 'AA', '😀', '💥'.repeat(500), 'A'.repeat(20000)]
  for (const text of texts) {
    for (const field of Object.keys(Clinic.LABELS)) {
      const { findings } = await diagnose({ ...OFFICIAL, ...signed(RAW), [field]: text })
      findings.forEach(finding => Clinic.say(finding, true))
    }
  }
})

test('each cause has its words in both languages, and each was found by a test', () => {
  assert.deepEqual(Object.keys(Clinic.WORDS).filter(code => !said.has(code)), [])
  for (const finding of said.values()) {
    const [zh, en] = [Clinic.say(finding, true), Clinic.say(finding, false)]
    for (const text of [zh.title, zh.cure, en.title, en.cure]) assert.doesNotMatch(text, /undefined|null(?!\b)|NaN|\[object/, finding.code)
    assert.match(zh.title, HAN, finding.code)
    assert.doesNotMatch(en.title + en.cure, HAN, finding.code)
    if (finding.level === 'bad' || finding.level === 'cause') assert.ok(zh.cure && en.cure, `no cure: ${finding.code}`)
  }
})

test('only these scripts and this style may run, and nothing may leave', () => {
  const hash = text => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`
  const policy = `default-src 'none'; script-src ${hash(part('script id="logic"'))} ${hash(part('script id="page"'))}; style-src ${hash(part('style'))}; img-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'`

  assert.equal(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(PAGE)[1], policy, 'after an edit, put this into the page')
})

test('nothing is stored, and nothing is asked for', () => {
  assert.doesNotMatch(PAGE, /localStorage|sessionStorage|indexedDB|document\.cookie|history\.|fetch\(|XMLHttpRequest|sendBeacon|WebSocket|<iframe|<a /)
  assert.doesNotMatch(PAGE, /(?:src|href)="(?!data:)/)
})
