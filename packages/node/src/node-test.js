'use strict';

// For node:test.

const path = require('node:path');
const { after, afterEach, beforeEach } = require('node:test');
const { runningOrStarted } = require('./server.js');
const { TestWorlds } = require('./tests.js');

/** @typedef {import('./tests.js').TestOptions} TestOptions */

/**
 * Gives each test of this file, or of this `describe`, a world. The environment has its endpoint and credentials, and no others.
 *
 * All tests of a process share an emulator: the one at `ALIMOCK_ENDPOINT`, or one that is started. After a test that passed, the
 * expectations of the scenario are checked. The report of a test that failed lists its calls.
 *
 * @param {TestOptions} [options]
 * @returns {import('./tests.js').Alimock}
 */
function useAlimock(options = {}) {
  const worlds = new TestWorlds(options, runningOrStarted);
  beforeEach((context) => worlds.begin(nameOf(context)));
  afterEach(async (context) => {
    const test = /** @type {import('node:test').TestContext & { passed: boolean }} */ (context);
    const calls = await worlds.end(nameOf(test), !test.passed);
    // TAP escapes ends of lines.
    for (const line of calls?.split('\n') ?? []) test.diagnostic(line);
  });
  after(() => worlds.finish());
  return worlds;
}

/** @param {any} context */
function nameOf({ fullName, name }) {
  return `${path.relative('', process.argv[1] ?? '')} > ${fullName ?? name}`;
}

module.exports = { useAlimock };
