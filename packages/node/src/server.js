'use strict';

// A running emulator: started, found, stopped.

const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { fileURLToPath } = require('node:url');
const { AlimockError, Control } = require('./control.js');
const { program } = require('./program.js');
const { World, scenarioOf } = require('./world.js');

const LISTENS = /listens on (http:\/\/\S+)/;
/** Milliseconds that a start may take on a busy machine. */
const START = 30_000;
/** Milliseconds that the program has to end before it is killed. */
const STOP = 10_000;

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {import('./control.js').Query} Query */
/** @typedef {import('./world.js').Scenario} Scenario */

/**
 * Address of an emulator.
 *
 * @typedef {object} Address
 * @property {string} endpoint Such as `http://127.0.0.1:4588`.
 * @property {string} [token] Token of the control API, if the emulator requires one.
 * @property {boolean} [ports] `true` if worlds can have ports of their own that this process reaches. Default: found out by a try.
 */

/**
 * Options of a world.
 *
 * @typedef {object} WorldOptions
 * @property {string} [name] Name of the world; characters that names do not have are replaced. Default: the emulator chooses one.
 * @property {string} [as] Caller whose credentials `world.env` has: an account, or `account/user`. Default: the one of the scenario.
 */

/**
 * Options of a start.
 *
 * @typedef {object} StartOptions
 * @property {string | URL} [scenario] Scenario to start with: a file, or the name of a built-in one.
 * @property {string[]} [args] More options of `alimock serve`, such as `['--seed', '7']`. With `--log off`, it says no address.
 */

/** A running emulator. */
class Server {
  #control;
  #ports;
  /** @type {Started | undefined} */
  #started;

  /**
   * Use `startAlimock` or `connectAlimock`.
   *
   * @param {Address} address
   * @param {Started} [started]
   */
  constructor({ endpoint, token, ports = true }, started) {
    this.#control = new Control(endpoint, token);
    this.#ports = ports;
    this.#started = started;
  }

  /** Its address, such as `http://127.0.0.1:4588`. */
  get endpoint() {
    return this.#control.endpoint;
  }

  /**
   * Address for `connectAlimock`, also in another process.
   *
   * @returns {Address}
   */
  get address() {
    return { endpoint: this.endpoint, token: this.#control.token, ports: this.#ports };
  }

  /** `true` if each world has a port. Else all share one, and the AccessKeyId that signed chooses the world. */
  get ports() {
    return this.#ports;
  }

  /**
   * Makes a call of the control API; `path` is below `/_alimock`.
   *
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body] JSON, or a text that is sent as it is.
   * @param {Query} [query]
   * @returns {Promise<any>} JSON, or the text of another answer.
   * @throws {AlimockError} if the call is refused; `code` is the one of the refusal.
   */
  call(method, path, body, query) {
    return this.#control.call(method, path, body, query);
  }

  /**
   * Makes a world.
   *
   * @param {Scenario} [scenario] Default: the world starts as the server did.
   * @param {WorldOptions} [options]
   * @returns {Promise<World>}
   */
  async world(scenario, options = {}) {
    const { name, body } = scenarioOf(scenario);
    const made = await this.call('POST', '/worlds', body, { ...this.#query(options), scenario: name });
    return new World(this.#control, made);
  }

  /**
   * Makes a world that starts as another is now. Without ports, only its host name chooses it: `<world>.localhost`.
   *
   * @param {World} world
   * @param {WorldOptions} [options]
   * @returns {Promise<World>}
   */
  async fork(world, options = {}) {
    return new World(this.#control, await world.call('POST', '/fork', undefined, this.#query(options)));
  }

  /** @param {WorldOptions} options */
  #query({ name, as }) {
    return { name, slug: name === undefined ? undefined : 'true', as, listen: this.#ports ? this.#listen() : undefined };
  }

  #listen() {
    const { hostname } = new URL(this.endpoint);
    return /^[\d.]+$|^\[/.test(hostname) ? `${hostname}:0` : '127.0.0.1:0';
  }

  /** Stops the program, if `startAlimock` started it. */
  async stop() {
    const started = this.#started;
    this.#started = undefined;
    await started?.stop();
  }

  /** Stops the program at the end of an `await using` block. */
  [Symbol.asyncDispose]() {
    return this.stop();
  }
}

/** A process of the program, which ends with this process. */
class Started {
  #child;
  #guard;

  /** @param {ChildProcess} child */
  constructor(child) {
    this.#child = child;
    this.#guard = guard(child.pid ?? 0);
    child.unref();
    child.on('exit', () => this.#guard.kill());
  }

  async stop() {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill();
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP);
    await ended;
    clearTimeout(kill);
  }
}

/**
 * Starts a small process that ends the program when this process ends, also when this process is killed: then its input closes.
 *
 * @param {number} pid
 */
function guard(pid) {
  // In another process group, because Ctrl-C must not end it first.
  const child = spawn('/bin/sh', ['-c', `read _; kill ${pid}`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  /** @type {import('node:net').Socket} */ (child.stdin).unref();
  return child;
}

/**
 * Starts the program on a free port of 127.0.0.1.
 *
 * @param {StartOptions} [options]
 * @returns {Promise<Server>}
 * @throws {AlimockError} if the program is not found or does not start; the message has what the program wrote.
 */
async function startAlimock({ scenario, args = [] } = {}) {
  const all = ['serve', '--listen', '127.0.0.1:0', '--color', 'never', ...args];
  if (scenario !== undefined) all.push('--scenario', scenario instanceof URL ? fileURLToPath(scenario) : scenario);
  const command = program();
  // Settings for a program that runs already are not for this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ALIMOCK_')));
  // A file, because a pipe that nobody reads would block the program.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'alimock-'));
  const log = fs.openSync(path.join(folder, 'log'), 'w+');
  try {
    const child = spawn(command, all, { env, stdio: ['ignore', 'ignore', log] });
    /** @type {Error | undefined} */
    let failed;
    child.on('error', (error) => (failed = error));
    const end = Date.now() + START;
    for (;;) {
      const ended = failed || child.exitCode !== null || child.signalCode !== null;
      const text = read(log);
      const listens = LISTENS.exec(text);
      if (listens) return new Server({ endpoint: listens[1] }, new Started(child));
      if (ended || Date.now() > end) {
        child.kill('SIGKILL');
        const reason = failed?.message ?? text.trim();
        throw new AlimockError(`alimock did not start: ${reason || 'it said no address; omit `--log` from `args`'}`);
      }
      await sleep(10);
    }
  } finally {
    fs.closeSync(log);
    fs.rmSync(folder, { recursive: true });
  }
}

/** @param {number} file */
function read(file) {
  const { size } = fs.fstatSync(file);
  const data = Buffer.alloc(size);
  return data.toString('utf8', 0, fs.readSync(file, data, 0, size, 0));
}

/**
 * Uses an emulator that runs already.
 *
 * @param {Address} address
 * @returns {Promise<Server>}
 */
async function connectAlimock(address) {
  if (address.ports !== undefined) return new Server(address);
  return new Server({ ...address, ports: await hasPorts(new Server(address)) });
}

/**
 * Returns `true` if this process reaches ports of worlds. It does not reach those of a container that publishes one port.
 *
 * @param {Server} server
 */
async function hasPorts(server) {
  let world;
  try {
    world = await server.world(undefined, { name: `probe-${randomUUID()}` });
    const there = await new Control(world.endpoint, server.address.token).call('GET', `/worlds/${world.name}`);
    return there.env !== undefined;
  } catch {
    return false;
  } finally {
    await world?.delete();
  }
}

/**
 * Returns the emulator at `ALIMOCK_ENDPOINT`, with the token in `ALIMOCK_CONTROL_TOKEN`, or starts one.
 *
 * @returns {Promise<Server>}
 */
async function runningOrStarted() {
  const { ALIMOCK_ENDPOINT: endpoint, ALIMOCK_CONTROL_TOKEN: token } = process.env;
  return endpoint ? connectAlimock({ endpoint, token }) : startAlimock();
}

module.exports = { Server, connectAlimock, runningOrStarted, startAlimock };
