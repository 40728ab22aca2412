#!/usr/bin/env node
'use strict';

// Runs the program with the same arguments, signals and exit code.

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { program } = require('../src/program.js');

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** @param {string} message */
function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}

let command = '';
try {
  command = program();
} catch (error) {
  fail(/** @type {Error} */ (error).message);
}
const child = spawn(command, process.argv.slice(2), { stdio: 'inherit' });
child.on('error', (error) => fail(`\`${command}\` does not run: ${error.message}`));
for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal === null) {
    process.exitCode = code ?? 1;
    return;
  }
  // Ends as the program did; the number is for signals that do not end this process.
  process.exitCode = 128 + constants.signals[signal];
  for (const one of FORWARDED) process.removeAllListeners(one);
  process.kill(process.pid, signal);
});
