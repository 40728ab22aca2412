// The `globalSetup` of vitest: one emulator for all files.

import serverModule from './server.js';

/**
 * Finds or starts the emulator, and says its address to the files.
 *
 * @param {{ provide: (name: any, value: any) => void }} project
 * @returns {Promise<() => Promise<void>>} Stops the emulator, if it was started.
 */
export default async function setup(project) {
  const server = await serverModule.runningOrStarted();
  project.provide('alimock', server.address);
  return () => server.stop();
}
