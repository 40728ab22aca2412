// Uses the types as a project does. It is compiled, and not run.

import { AlimockError, connectAlimock, startAlimock, type Call, type Key, type Scenario, type World } from 'alimock';
import { useAlimock as inJest } from 'alimock/jest';
import { useAlimock as inNode, type TestOptions } from 'alimock/node-test';
import { AlimockContainer } from 'alimock/testcontainers';
import { useAlimock as inVitest } from 'alimock/vitest';
import setup from 'alimock/vitest/setup';

const options: TestOptions = { scenario: new URL('./session.yaml', import.meta.url), as: 'demo/ci', expect: false };
const worlds: World[] = [inNode(options).world, inVitest().world, inJest({ scenario: { accounts: [] } }).world];

export async function uses(): Promise<string[]> {
  await using server = await startAlimock({ scenario: 'key-leaked', args: ['--seed', '7'] });
  await using world = await server.world('key-leaked', { name: 'one', as: 'demo/ci' });
  const key: Key = world.caller('demo/ci');
  const calls: Call[] = await world.calls({ refused: true });
  const rule: number = await world.faults.add({
    match: { action: 'ListUsers' },
    do: { error: { code: 'Throttling.User' } },
    when: { nth: 1 },
  });
  await world.faults.remove(rule);
  await world.clock.set({ resource: 'real' });
  const scenario: Scenario = await world.export();
  const other = await (await connectAlimock(server.address)).world(scenario);
  const container = await new AlimockContainer().start();
  await container.server.world();
  const undo: () => void = other.changeEnvironment();
  undo();
  // @ts-expect-error: a caller is a text.
  world.caller(1);
  // @ts-expect-error: hooks call `begin`, and tests do not.
  inNode().begin('x');
  try {
    await world.do('disableKey', { key: key.id });
  } catch (error) {
    if (error instanceof AlimockError) return [error.code, error.message];
  }
  return [...worlds.map(({ name }) => name), ...calls.map(({ code, why }) => `${code}: ${why}`), ...(await world.verify()), typeof setup];
}
