import { currentLanguage, word } from './words.js';

/** Where the API is, whatever path the server has. */
const API = new URL('../api/', import.meta.url);
const METRICS = new URL('../metrics', import.meta.url);

/** What went wrong, in words for people. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

function basic(id, secret) {
  const bytes = new TextEncoder().encode(`${id}:${secret}`);
  return 'Basic ' + btoa(String.fromCharCode(...bytes));
}

/** The API as one service client; its secret is nowhere but here. */
export class Api {
  #authorization;

  constructor(id, secret) {
    this.#authorization = basic(id, secret);
  }

  get(path) {
    return this.#send('GET', path);
  }

  /** Resolves to the metrics of the node that answers, in Prometheus' text. */
  async metrics() {
    return (await this.#fetch('GET', METRICS)).text();
  }

  post(path, body) {
    return this.#send('POST', path, body);
  }

  delete(path) {
    return this.#send('DELETE', path);
  }

  async #send(method, path, body) {
    const response = await this.#fetch(method, new URL(path, API), body);
    return response.json().catch(() => ({}));
  }

  /** Resolves to a response that is no refusal. */
  async #fetch(method, url, body) {
    const headers = { Authorization: this.#authorization, 'Accept-Language': currentLanguage() };
    if (body) {
      headers['Content-Type'] = 'application/json';
    }
    let response;
    try {
      response = await fetch(url, {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: 'omit', // what the browser itself remembers is not ours, and asks no questions
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
    } catch {
      throw new Refusal(word('offline'), 0);
    }
    if (!response.ok) {
      const json = await response.json().catch(() => ({}));
      const id = json.requestId ? ` (${word('requestId')} ${json.requestId})` : '';
      throw new Refusal((json.message || `HTTP ${response.status}`) + id, response.status);
    }
    return response;
  }
}
