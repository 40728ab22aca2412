// Runs a framework as its users do: files are written, the framework runs them, its output is read.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const BINS = path.join(HERE, '../node_modules/.bin');

/** Calls that nobody signs, so the answer is a refusal. */
const CALL = `
const refusedCall = async () => (await fetch(process.env.ALIMOCK_ENDPOINT + '/?Action=ListUsers&Version=2015-05-01')).status;
`;

/** The frameworks: the start of a file, its name, the settings for one emulator, and the command. */
export const frameworks = {
  'node:test': {
    head: `import assert from 'node:assert/strict'; import { describe, test } from 'node:test'; import { useAlimock } from 'alimock/node-test';`,
    suffix: '.test.mjs',
    config: {},
    command: (workers) => [process.execPath, '--test', '--test-reporter=spec', `--test-concurrency=${workers}`],
    counts: (text) => ['pass', 'fail'].map((kind) => Number(new RegExp(`^ℹ ${kind} (\\d+)`, 'm').exec(text)?.[1])),
  },
  vitest: {
    head: `import assert from 'node:assert/strict'; import { describe, test } from 'vitest'; import { useAlimock } from 'alimock/vitest';`,
    suffix: '.test.mjs',
    config: {
      'vitest.config.mjs': `export default { test: { globalSetup: ['alimock/vitest/setup'], testTimeout: 60000, hookTimeout: 60000 } };`,
    },
    command: (workers) => [path.join(BINS, 'vitest'), 'run', `--maxWorkers=${workers}`],
    counts: (text) => ['passed', 'failed'].map((kind) => Number(new RegExp(`^ +Tests .*?(\\d+) ${kind}`, 'm').exec(text)?.[1] ?? 0)),
  },
  jest: {
    head: `const assert = require('node:assert/strict'); const { useAlimock } = require('alimock/jest');`,
    suffix: '.test.js',
    config: { 'jest.config.js': `module.exports = { globalSetup: 'alimock/jest/setup', testTimeout: 60000 };` },
    command: (workers) => [path.join(BINS, 'jest'), `--maxWorkers=${workers}`],
    counts: (text) => ['passed', 'failed'].map((kind) => Number(new RegExp(`^Tests: .*?(\\d+) ${kind}`, 'm').exec(text)?.[1] ?? 0)),
  },
};

/**
 * Writes a file of tests for each text, and runs the framework in their folder.
 *
 * @returns its output, and how many tests passed and failed.
 */
export async function run(test, framework, texts, { env = {}, workers = 2, config, before = [] } = {}) {
  const folder = fs.mkdtempSync(path.join(HERE, 'case-'));
  test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const files = [].concat(texts).map((text, n) => [`n${n}${framework.suffix}`, framework.head + CALL + text]);
  for (const [name, text] of [...files, ...Object.entries(config ?? framework.config)]) fs.writeFileSync(path.join(folder, name), text);
  const names = framework === frameworks['node:test'] ? files.map(([name]) => name) : [];
  const { text, code } = await execute([...before, ...framework.command(workers), ...names], { cwd: folder, env });
  const [passed, failed] = framework.counts(text);
  return { text, code, passed, failed };
}

/** Runs a command; returns its whole output and its exit code. */
export function execute([command, ...args], { cwd = HERE, env = {} } = {}) {
  // A test in a test would report to the outer one.
  const { NODE_TEST_CONTEXT: _, ...kept } = process.env;
  const all = { ...kept, NO_COLOR: '1', FORCE_COLOR: undefined, CI: 'true', ...env };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: all, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ text: stdout + stderr, code: error ? (error.code ?? error.signal) : 0 }),
    );
  });
}

/** Waits until something is true, for at most ten seconds. */
export async function eventually(is) {
  for (let n = 0; n < 200; n += 1) {
    if (await is()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** Returns `true` if a process runs that no parent has yet to collect. */
export function runs(pid) {
  try {
    return !/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ids of processes whose environment has this variable. */
export function processesWith(variable) {
  return fs.readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(variable) && runs(pid);
    } catch {
      return false;
    }
  });
}
