'use strict';

// The program: where it is.

const fs = require('node:fs');
const path = require('node:path');
const { AlimockError } = require('./control.js');

const NAME = 'alimock';

/**
 * Returns the path of the program: `ALIMOCK_BIN`, the one that was installed with this package, or the one on the PATH.
 *
 * @returns {string}
 * @throws {AlimockError} if the program is not found; the message says what to do.
 */
function program() {
  const named = process.env.ALIMOCK_BIN;
  if (named) {
    const found = named.includes(path.sep) ? [named].find(isProgram) : onPath(named);
    if (!found) throw new AlimockError(`ALIMOCK_BIN: there is no program \`${named}\``);
    return path.resolve(found);
  }
  const found = installed() ?? onPath(NAME);
  if (!found) {
    throw new AlimockError(
      `there is no program \`alimock\`: install the package \`${platform()}\` (npm omits it with --omit=optional), or name the program with ALIMOCK_BIN`,
    );
  }
  return found;
}

/** Returns the name of the package that has the program for this machine. */
function platform() {
  return `@alimock/${process.platform}-${process.arch}`;
}

/** Returns the program of the package for this machine. */
function installed() {
  try {
    const found = path.join(path.dirname(require.resolve(`${platform()}/package.json`)), 'bin', NAME);
    return isProgram(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} name */
function onPath(name) {
  const places = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return places.map((place) => path.join(place, name)).find((file) => isProgram(file) && !isLauncher(file));
}

/** @param {string} file */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns `true` for a launcher of this package, which would only look for the program again.
 *
 * @param {string} file
 */
function isLauncher(file) {
  return path.basename(fs.realpathSync(file)) === 'alimock.js';
}

module.exports = { program };
