'use strict';

// Calls of the control API.

const http = require('node:http');
const https = require('node:https');

/** Milliseconds that a call may take on a busy machine. */
const PATIENCE = 60_000;

/** The emulator did not start, did not answer, or refused a call of the control API. */
class AlimockError extends Error {
  /**
   * @param {string} message
   * @param {string} [code]
   */
  constructor(message, code = '') {
    super(message);
    this.name = 'AlimockError';
    /** Code of the refusal, such as `world_exists`; empty for other errors. */
    this.code = code;
  }
}

/** @typedef {Record<string, string | undefined>} Query Parameters; those without a value are omitted. */

/** The control API at an endpoint. */
class Control {
  /**
   * @param {string} endpoint
   * @param {string} [token] Token of the control API, if the emulator requires one.
   */
  constructor(endpoint, token) {
    this.endpoint = endpoint.replace(/\/+$/, '');
    this.token = token;
  }

  /**
   * Makes a call below `/_alimock`. `body` is JSON, or a text that is sent as it is.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {Query} [query]
   * @returns {Promise<any>} JSON, or the text of another answer.
   */
  async call(method, path, body, query = {}) {
    const url = new URL(`${this.endpoint}/_alimock${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const data = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const { status, type, text } = await this.#send(method, url, data);
    if (status >= 400) throw refusal(`${method} ${path}`, status, text);
    return type.startsWith('application/json') && text ? JSON.parse(text) : text;
  }

  /**
   * @param {string} method
   * @param {URL} url
   * @param {string | undefined} data
   * @returns {Promise<{ status: number, type: string, text: string }>}
   */
  #send(method, url, data) {
    const send = url.protocol === 'https:' ? https.request : http.request;
    // `agent: false` makes a connection without a proxy: proxies of the environment are for the tested program.
    const request = send(url, { method, agent: false, headers: this.token ? { authorization: `Bearer ${this.token}` } : {} });
    return new Promise((resolve, reject) => {
      const fail = (/** @type {NodeJS.ErrnoException} */ error) =>
        reject(new AlimockError(`${method} ${url}: no emulator answers: ${error.message || error.code}`));
      request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer after ${PATIENCE / 1000} seconds`)));
      request.on('error', fail);
      request.on('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('error', fail);
        answer.on('data', (part) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }));
      });
      request.end(data);
    });
  }
}

/**
 * Reads the body of a refused call.
 *
 * @param {string} call
 * @param {number} status
 * @param {string} text
 */
function refusal(call, status, text) {
  try {
    const { code, message, hint } = JSON.parse(text).error;
    return new AlimockError(`${call}: ${code}: ${message}${hint ? `; ${hint}` : ''}`, code);
  } catch {
    return new AlimockError(`${call}: ${status} ${text}`);
  }
}

module.exports = { AlimockError, Control };
