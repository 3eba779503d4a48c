'use strict'

const BASE = 'https://login.example'

/** Web storage; `full`, `readOnly` and `broken` make it fail as phones do. */
class MemoryStorage {
  constructor() {
    this.values = new Map()
    this.full = false
    this.readOnly = false
    this.broken = false
  }

  get length() { return this.values.size }

  key(index) { return [...this.values.keys()][index] }

  getItem(key) {
    if (this.broken) throw new Error('storage is broken')
    return this.values.has(key) ? this.values.get(key) : null
  }

  setItem(key, value) {
    if (this.full || this.readOnly || this.broken) throw new Error('exceed storage max size 10Mb')
    this.values.set(key, value)
  }

  removeItem(key) {
    if (this.readOnly || this.broken) throw new Error('storage is broken')
    this.values.delete(key)
  }

  clear() { this.values.clear() }
}

/** What the promise was rejected with. */
function failureOf(promise) {
  return promise.then(
    value => { throw new Error(`was expected to fail, and answered ${JSON.stringify(value)}`) },
    error => error)
}

/** `n` calls at once. */
function many(n, action) {
  return Promise.all(Array.from({ length: n }, (_, i) => action(i)))
}

/** Lets everything that is under way go on, until it waits for somebody else. */
async function settle() {
  for (let i = 0; i < 50; i++) await new Promise(resolve => setTimeout(resolve, 0))
}

module.exports = { BASE, MemoryStorage, failureOf, many, settle }
