'use strict';

// A world for each test, for any framework: what happens before and after a test and a file. The framework says when.

const { AlimockError } = require('./control.js');
const { scenarioOf } = require('./world.js');

/** Calls that a report shows. */
const SHOWN = 20;

/** @typedef {import('./server.js').Server} Server */
/** @typedef {import('./world.js').World} World */

/**
 * Options of the worlds of tests.
 *
 * @typedef {object} TestOptions
 * @property {import('./world.js').Scenario} [scenario] Scenario of the worlds. Default: the one that the emulator started with.
 * @property {string} [as] Caller whose credentials the environment has: an account, or `account/user`. Default: the one of the scenario.
 * @property {boolean} [expect] If `false`, the expectations of the scenario are not checked after a test that passed. Default: `true`.
 */

/**
 * The emulator of this process, and worlds that tests fork, by scenario. They end with the last user.
 *
 * @type {{ users: number, server?: Promise<Server>, seeds: Map<string, Promise<World>> }}
 */
const shared = { users: 0, seeds: new Map() };

/**
 * The world of the test that runs now, and the emulator.
 *
 * @typedef {Pick<TestWorlds, 'world' | 'server'>} Alimock
 */

/** Worlds of tests. `useAlimock` returns this; the methods are for its hooks. */
class TestWorlds {
  #options;
  #connect;
  /** Tests that run now: a test, and subtests in it. @type {{ test: string, world?: World, restore?: () => void }[]} */
  #open = [];

  /**
   * @param {TestOptions} options
   * @param {() => Promise<Server>} connect Finds or starts the emulator.
   */
  constructor(options, connect) {
    this.#options = options;
    this.#connect = connect;
    shared.users += 1;
  }

  /**
   * The world of the test that runs now.
   *
   * @returns {World}
   */
  get world() {
    const world = this.#open.at(-1)?.world;
    if (!world) throw new AlimockError('no test runs, so it has no world: use `world` in a test or in `beforeEach`');
    return world;
  }

  /**
   * The emulator, also outside of tests. It stops after the last test that uses it.
   *
   * @returns {Promise<Server>}
   */
  get server() {
    shared.server ??= this.#connect();
    return shared.server;
  }

  /**
   * Before a test: makes its world, and sets the environment.
   *
   * @param {string} test Its whole name.
   */
  async begin(test) {
    const outer = this.#open.at(-1);
    if (outer && !test.startsWith(outer.test)) {
      throw new AlimockError(
        `\`${test}\` runs at the same time as \`${outer.test}\`, but both change the environment: run them one after the other`,
      );
    }
    /** @type {{ test: string, world?: World, restore?: () => void }} */
    const open = { test };
    this.#open.push(open);
    open.world = await this.#world(test);
    open.restore = open.world.changeEnvironment();
  }

  /**
   * After a test: restores the environment, checks expectations, deletes the world.
   *
   * @param {string} test
   * @param {boolean} failed
   * @returns {Promise<string | undefined>} The calls, for the report of a test that failed.
   * @throws {AlimockError} if the test passed, but something is not as the scenario expects.
   */
  async end(test, failed) {
    // The beginning of the test may have failed.
    if (this.#open.at(-1)?.test !== test) return undefined;
    const { world, restore } = this.#open.pop() ?? {};
    restore?.();
    if (!world) return undefined;
    try {
      if (failed) return await report(world);
      const wrong = this.#options.expect === false ? [] : await world.verify();
      if (wrong.length === 0) return undefined;
      throw new AlimockError(`alimock: not as the scenario expects: ${wrong.join('; ')}\n${await report(world)}`);
    } finally {
      await world.delete();
    }
  }

  /** After the last test. */
  async finish() {
    shared.users -= 1;
    if (shared.users > 0) return;
    const { server, seeds } = shared;
    Object.assign(shared, { server: undefined, seeds: new Map() });
    for (const seed of seeds.values()) await (await seed.catch(() => undefined))?.delete();
    await (await server?.catch(() => undefined))?.stop();
  }

  /**
   * Makes a world under the name of the test, which gives it the same ids in every run.
   *
   * @param {string} name
   */
  async #world(name) {
    const server = await this.server;
    const { scenario, as } = this.#options;
    const make = async (/** @type {import('./server.js').WorldOptions} */ options) =>
      // Without ports, the keys choose the world, and a fork has the keys of its parent.
      server.ports ? server.fork(await this.#seed(server), options) : server.world(scenario, options);
    try {
      return await make({ name, as });
    } catch (error) {
      // Another run uses the same emulator, or the test runs twice at a time.
      if (!(error instanceof AlimockError) || error.code !== 'world_exists') throw error;
      return make({ as });
    }
  }

  /** @param {Server} server */
  #seed(server) {
    const { scenario } = this.#options;
    const key = JSON.stringify(scenarioOf(scenario));
    const seed = shared.seeds.get(key) ?? server.world(scenario);
    shared.seeds.set(key, seed);
    return seed;
  }
}

/**
 * Lists the last calls of a world.
 *
 * @param {World} world
 */
async function report(world) {
  const calls = await world.calls();
  const lines = calls.slice(-SHOWN).map(String);
  if (calls.length > SHOWN) lines.unshift(`(${calls.length - SHOWN} earlier calls)`);
  return [`alimock calls in world ${world.name}:`, ...(lines.length ? lines : ['no call arrived'])].join('\n');
}

/**
 * Returns an error that shows the calls beside the error of the test.
 *
 * @param {string} calls
 */
function callsError(calls) {
  const error = new AlimockError(calls);
  // The place in this package says nothing about the test.
  error.stack = calls;
  return error;
}

module.exports = { TestWorlds, callsError };
