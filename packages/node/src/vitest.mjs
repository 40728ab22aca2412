// For vitest.

import { afterAll, afterEach, beforeEach, inject } from 'vitest';
import serverModule from './server.js';
import testsModule from './tests.js';

const { connectAlimock, runningOrStarted } = serverModule;
const { TestWorlds, callsError } = testsModule;

/** @typedef {import('./tests.js').TestOptions} TestOptions */

/**
 * Gives each test of this file, or of this `describe`, a world. The environment has its endpoint and credentials, and no others.
 *
 * All files share an emulator if `globalSetup` has `alimock/vitest/setup`. Else each file uses the one at `ALIMOCK_ENDPOINT`, or
 * starts one. After a test that passed, the expectations of the scenario are checked. The report of a test that failed lists its calls.
 *
 * @param {TestOptions} [options]
 * @returns {import('./tests.js').Alimock}
 */
export function useAlimock(options = {}) {
  const worlds = new TestWorlds(options, () => {
    const address = /** @type {any} */ (inject)('alimock');
    return address ? connectAlimock(address) : runningOrStarted();
  });
  beforeEach(({ task }) => worlds.begin(nameOf(task)));
  afterEach(async ({ task }) => {
    const calls = await worlds.end(nameOf(task), task.result?.state === 'fail');
    if (calls) throw callsError(calls);
  });
  afterAll(() => worlds.finish());
  return worlds;
}

/**
 * @param {any} task
 * @returns {string}
 */
function nameOf(task) {
  const { suite, file, name } = task;
  return `${suite ? nameOf(suite) : file.name} > ${name}`;
}
