'use strict';

// For Testcontainers.

const { randomBytes } = require('node:crypto');
const { AbstractStartedContainer, GenericContainer, Wait } = require('testcontainers');
const { Server } = require('./server.js');

const PORT = 4588;

/** A container with alimock. Its control API needs a token, which is a random one. */
class AlimockContainer extends GenericContainer {
  #token = randomBytes(24).toString('base64url');

  /** @param {string} [image] Default: the name in `ALIMOCK_IMAGE`, or `alimock`. */
  constructor(image = process.env.ALIMOCK_IMAGE || 'alimock') {
    super(image);
    this.withExposedPorts(PORT)
      .withEnvironment({ ALIMOCK_CONTROL_TOKEN: this.#token })
      .withWaitStrategy(Wait.forHttp('/_alimock/ready', PORT));
  }

  /**
   * Starts the container, and waits until alimock answers.
   *
   * @override
   * @returns {Promise<StartedAlimockContainer>}
   */
  async start() {
    return new StartedAlimockContainer(await super.start(), this.#token);
  }
}

/** A container in which alimock runs. */
class StartedAlimockContainer extends AbstractStartedContainer {
  /**
   * @param {import('testcontainers').StartedTestContainer} started
   * @param {string} token
   */
  constructor(started, token) {
    super(started);
    const endpoint = `http://${started.getHost()}:${started.getMappedPort(PORT)}`;
    /**
     * The emulator. Its worlds share the one port of the container, and the AccessKeyId that signed chooses the world. So one scenario
     * that pins key ids can be in one world at a time. Stop the container, not this.
     */
    this.server = new Server({ endpoint, token, ports: false });
  }
}

module.exports = { AlimockContainer, StartedAlimockContainer };
