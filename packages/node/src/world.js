'use strict';

// A world: its credentials, and the changes that tests make in it.

const fs = require('node:fs');
const { AlimockError } = require('./control.js');

/** @typedef {import('./control.js').Control} Control */
/** @typedef {import('./control.js').Query} Query */

/**
 * A scenario: an object, a file (a `URL`, or a path that ends with `.yaml`, `.yml` or `.json`), YAML, or the name of a built-in one.
 *
 * @typedef {string | URL | Record<string, unknown>} Scenario
 */

/**
 * An AccessKey.
 *
 * @typedef {object} Key
 * @property {string} id
 * @property {string} secret
 */

/**
 * An account, as `GET /worlds/{w}` returns it, with more fields.
 *
 * @typedef {{ name: string, uid: string, users: string[], keys: { accessKeyId: string, accessKeySecret?: string, user?: string }[], [field: string]: any }} Account
 */

/**
 * Reads a scenario: the name of a built-in one, or the body with it.
 *
 * @param {Scenario} [scenario]
 * @returns {{ name?: string, body?: unknown }}
 */
function scenarioOf(scenario) {
  if (scenario instanceof URL) return { body: fs.readFileSync(scenario, 'utf8') };
  if (typeof scenario !== 'string') return { body: scenario };
  if (/\.(yaml|yml|json)$/.test(scenario)) return { body: fs.readFileSync(scenario, 'utf8') };
  return /[:\n]/.test(scenario) ? { body: scenario } : { name: scenario };
}

/** A recorded call of a client. */
class Call {
  /** @param {Record<string, any>} record */
  constructor(record) {
    const { product, action, method, path } = record;
    /** Product and action, such as `Ram.CreateUser`. */
    this.name = product && action ? `${product}.${action}` : `${method} ${path}`;
    /** Status of the answer. @type {number} */
    this.status = record.status;
    /** Error code; empty for a call that was answered with success. @type {string} */
    this.code = record.code ?? '';
    /** Who called: `demo/dev`, or an ARN. @type {string} */
    this.who = record.who || '-';
    /** Reason of the answer; empty for a call that was answered with success. @type {string} */
    this.why = record.why ?? '';
    /** Id of the request. @type {string} */
    this.requestId = record.requestId;
    /** The whole record, as docs/control-api.md describes it. */
    this.record = record;
  }

  /** One line with the reason of a refusal. */
  toString() {
    const reason = this.code ? ` ${this.code}: ${this.why}` : '';
    return `${this.status} ${this.name} ${this.who}${reason} (${this.requestId})`;
  }
}

/** An isolated set of accounts with clocks, rules and a journal. */
class World {
  #control;

  /**
   * Use `server.world` or `server.fork`.
   *
   * @param {Control} control
   * @param {any} made
   */
  constructor(control, made) {
    this.#control = control;
    /** Its name. @type {string} */
    this.name = made.world;
    /** Variables for a client: credentials, endpoint, region. @type {Record<string, string>} */
    this.env = made.env;
    /** Matches the names of variables that are credentials or choose them. */
    this.unset = new RegExp(made.unset);
    /** Its address as this process reaches it, such as `http://127.0.0.1:45123`. @type {string} */
    this.endpoint = made.env.ALIMOCK_ENDPOINT ?? made.endpoint;
    /** Accounts with their keys, as `GET /worlds/{w}` returns them. @type {Account[]} */
    this.accounts = made.accounts;
    /** Its clocks. */
    this.clock = new Clock(this);
    /** Its fault rules. */
    this.faults = new Faults(this);
    /** Changes of its AccessKeys. */
    this.key = new Keys(this);
  }

  /** The endpoint without a scheme, as SDKs take it. */
  get host() {
    return new URL(this.endpoint).host;
  }

  /**
   * Makes a call of the control API; `path` is below the world.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body] JSON, or a text that is sent as it is.
   * @param {Query} [query]
   * @returns {Promise<any>} JSON, or the text of another answer.
   * @throws {AlimockError} if the call is refused; `code` is the one of the refusal.
   */
  call(method, path, body, query) {
    return this.#control.call(method, `/worlds/${this.name}${path}`, body, query);
  }

  /**
   * Returns the first key of an account, or of `account/user`.
   *
   * @param {string} name
   * @returns {Key}
   * @throws {AlimockError} if it has none; the message says who has one.
   */
  caller(name) {
    const [account, ...rest] = name.split('/');
    const user = rest.length > 0 ? rest.join('/') : undefined;
    for (const one of this.accounts.filter((one) => account === one.name || account === one.uid)) {
      const key = one.keys.find((key) => key.user === user && key.accessKeySecret);
      if (key?.accessKeySecret) return { id: key.accessKeyId, secret: key.accessKeySecret };
    }
    const known = this.accounts.flatMap((one) => one.keys.map((key) => (key.user ? `${one.name}/${key.user}` : one.name)));
    throw new AlimockError(`\`${name}\` has no key in the scenario; these have one: ${[...new Set(known)].join(', ')}`);
  }

  /**
   * Runs a command of docs/commands.md: `world.do('setState', { account: 'demo', status: 'ARREARS' })`.
   *
   * @param {string} command
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<any>} What was `done`.
   */
  do(command, fields = {}) {
    return this.call('POST', '/commands', { [command]: fields });
  }

  /**
   * Returns the recorded calls, oldest first.
   *
   * @param {{ refused?: boolean }} [options] `refused`: only those that were refused.
   * @returns {Promise<Call[]>}
   */
  async calls({ refused = false } = {}) {
    const found = [];
    for (let after = '0'; ; ) {
      const page = await this.call('GET', '/requests', undefined, { limit: '1000', after });
      if (page.requests.length === 0) return found.filter((call) => !refused || call.status >= 400);
      found.push(...page.requests.map((/** @type {Record<string, any>} */ record) => new Call(record)));
      after = String(page.next);
    }
  }

  /**
   * Explains a call, by default the last refused one.
   *
   * @param {string} [requestId]
   * @returns {Promise<Record<string, any>>} `request`, `permission`, `rules` and `advice`.
   */
  why(requestId) {
    return this.call('GET', '/why', undefined, { request: requestId });
  }

  /**
   * Checks expectations, by default those of the scenario.
   *
   * @param {Record<string, unknown>[]} [expect]
   * @returns {Promise<string[]>} What is not as expected.
   */
  async verify(expect) {
    const { results } = await this.call('POST', '/verify', expect && { expect });
    return results.filter((/** @type {any} */ one) => !one.passed).map((/** @type {any} */ one) => one.message || one.name);
  }

  /**
   * Returns the world as a scenario file.
   *
   * @returns {Promise<string>}
   */
  export() {
    return this.call('GET', '/export');
  }

  /** Deletes the world and frees its port. */
  async delete() {
    await this.call('DELETE', '');
  }

  /** Deletes the world at the end of an `await using` block. */
  [Symbol.asyncDispose]() {
    return this.delete();
  }

  /**
   * Sets the variables of `env` for default chains of SDKs, and removes other credentials.
   *
   * @param {Record<string, string | undefined>} [env] Default: `process.env`.
   * @returns {() => void} Undoes the change.
   */
  changeEnvironment(env = process.env) {
    const removed = Object.keys(env).filter((name) => this.unset.test(name));
    const before = [...new Set([...removed, ...Object.keys(this.env)])].map((name) => /** @type {const} */ ([name, env[name]]));
    for (const name of removed) delete env[name];
    Object.assign(env, this.env);
    return () => {
      for (const [name, value] of before) {
        // `process.env` makes a text of each value, also of `undefined`.
        if (value === undefined) delete env[name];
        else env[name] = value;
      }
    };
  }
}

/** The clocks of a world. */
class Clock {
  #world;

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
  }

  /**
   * Moves the resource clock.
   *
   * @param {string} by A span such as `30m`.
   * @returns {Promise<any[]>} What fell due.
   */
  async advance(by) {
    return (await this.#world.call('POST', '/clock/advance', { by })).fellDue;
  }

  /**
   * Returns both clocks.
   *
   * @returns {Promise<Record<string, any>>}
   */
  read() {
    return this.#world.call('GET', '/clock');
  }

  /**
   * Sets one clock or both.
   *
   * @param {{ resource?: string | number, gateway?: string | number }} clocks A time, a span such as `-20m`, a speed, or `real`.
   * @returns {Promise<Record<string, any>>} Both clocks.
   */
  set(clocks) {
    return this.#world.call('PUT', '/clock', clocks);
  }
}

/** The fault rules of a world. */
class Faults {
  #world;

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
  }

  /**
   * Adds a rule of docs/scenarios.md.
   *
   * @param {{ match: Record<string, unknown>, do: Record<string, unknown>, [word: string]: unknown }} rule
   * @returns {Promise<number>} Its id.
   */
  async add(rule) {
    return (await this.#world.call('POST', '/faults', rule)).id;
  }

  /**
   * Returns the rules with their counters.
   *
   * @returns {Promise<Record<string, any>[]>}
   */
  async list() {
    return (await this.#world.call('GET', '/faults')).faults;
  }

  /**
   * Deletes a rule.
   *
   * @param {number} rule Its id.
   */
  async remove(rule) {
    await this.#world.call('DELETE', `/faults/${rule}`);
  }
}

/** Changes of AccessKeys. A key is an AccessKeyId, or an account or `account/user`: then its newest key that can be changed. */
class Keys {
  #world;

  /** @param {World} world */
  constructor(world) {
    this.#world = world;
  }

  /** Disables a key. @param {string} key */
  async disable(key) {
    await this.#world.do('disableKey', { key });
  }

  /** Enables a key. @param {string} key */
  async enable(key) {
    await this.#world.do('enableKey', { key });
  }

  /** Deletes a key. @param {string} key */
  async delete(key) {
    await this.#world.do('deleteKey', { key });
  }

  /** Marks a key as leaked. @param {string} key */
  async leak(key) {
    await this.#world.do('leakKey', { key });
  }
}

module.exports = { Call, World, scenarioOf };
