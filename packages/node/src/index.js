'use strict';

// alimock from Node: start the emulator, make worlds in it, and change them. Everything here is a call of the control API.
//
// The sources are CommonJS, which all of `import`, `require` and jest can load. jest loads ES modules only with Node 24.9 or later.

const { AlimockError } = require('./control.js');
const { Server, connectAlimock, startAlimock } = require('./server.js');
const { Call, World } = require('./world.js');

module.exports = { AlimockError, Call, Server, World, connectAlimock, startAlimock };

/** @typedef {import('./server.js').Address} Address */
/** @typedef {import('./server.js').StartOptions} StartOptions */
/** @typedef {import('./server.js').WorldOptions} WorldOptions */
/** @typedef {import('./world.js').Account} Account */
/** @typedef {import('./world.js').Key} Key */
/** @typedef {import('./world.js').Scenario} Scenario */
