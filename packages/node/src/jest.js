'use strict';

// For jest.

const path = require('node:path');
const { afterAll, afterEach, beforeEach, expect } = require('@jest/globals');
const { connectAlimock, runningOrStarted } = require('./server.js');
const { TestWorlds, callsError } = require('./tests.js');

/** @typedef {import('./tests.js').TestOptions} TestOptions */

/** The test that runs now. @type {{ errors: unknown[] } | undefined} */
let running;

/**
 * Gives each test of this file, or of this `describe`, a world. The environment has its endpoint and credentials, and no others.
 *
 * All files share an emulator if `globalSetup` is `alimock/jest/setup`. Else each file uses the one at `ALIMOCK_ENDPOINT`, or starts
 * one. After a test that passed, the expectations of the scenario are checked. The report of a test that failed lists its calls.
 *
 * @param {TestOptions} [options]
 * @returns {import('./tests.js').Alimock}
 */
function useAlimock(options = {}) {
  watch();
  const worlds = new TestWorlds(options, () => {
    const address = process.env.ALIMOCK_JEST;
    return address ? connectAlimock(JSON.parse(address)) : runningOrStarted();
  });
  beforeEach(() => worlds.begin(nameOfTest()));
  afterEach(async () => {
    const calls = await worlds.end(nameOfTest(), (running?.errors.length ?? 0) > 0);
    if (calls) throw callsError(calls);
  });
  afterAll(() => worlds.finish());
  return worlds;
}

/**
 * Notes which test runs: hooks of jest are not told if it failed.
 *
 * Source: jest-circus 30.5.2, `addEventHandler`, whose list all copies of jest-circus share. If a version has no such list, each test
 * counts as passed: then the report of a failed test lists no calls, except for expectations that are not met.
 */
function watch() {
  const handlers = /** @type {any} */ (globalThis)[Symbol.for('EVENT_HANDLERS')];
  if (!Array.isArray(handlers) || handlers.includes(note)) return;
  handlers.push(note);
}

/** @param {{ name: string, test: { errors: unknown[] } }} event */
function note({ name, test }) {
  if (name === 'test_start') running = test;
}

function nameOfTest() {
  const { testPath = '', currentTestName } = expect.getState();
  return `${path.relative('', testPath)} > ${currentTestName}`;
}

module.exports = { useAlimock };
