'use strict'

const http = require('node:http')

/** A host for the shim that speaks real HTTP, as a phone would. Its files are given by path. */
function httpHost(baseUrl, { files = {}, ...more } = {}) {
  return {
    simulator: baseUrl,
    send,
    readFile: (path, done) => (files[path] ? done(null, files[path]) : done(new Error(`no file ${path}`))),
    ...more,
  }
}

function send({ method, url, headers, body }, done) {
  const bytes = toBytes(body)
  const request = http.request(url, { method, headers: { ...headers, ...(bytes && { 'content-length': bytes.length }) } })
  request.on('response', response => {
    const chunks = []
    response.on('data', chunk => chunks.push(chunk))
    response.on('error', done)
    response.on('end', () => done(null, {
      status: response.statusCode,
      headers: response.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }))
  })
  request.on('error', done)
  request.end(bytes)
  return () => request.destroy()
}

function toBytes(body) {
  if (body === null) return undefined
  return Buffer.concat((Array.isArray(body) ? body : [body]).map(part => Buffer.from(part)))
}

module.exports = { httpHost }
