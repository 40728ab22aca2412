'use strict';

// The `globalSetup` of jest: one emulator for all files. It stops when jest ends.

const { runningOrStarted } = require('./server.js');

/** @type {Promise<import('./server.js').Server> | undefined} */
let server;

/** Finds or starts the emulator, once for all runs of `jest --watch`, and says its address to the workers. */
module.exports = async function setup() {
  server ??= runningOrStarted();
  process.env.ALIMOCK_JEST = JSON.stringify((await server).address);
};
