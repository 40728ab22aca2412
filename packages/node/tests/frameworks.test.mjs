// Worlds of tests, as users of each framework see them.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { eventually, execute, frameworks, processesWith, run } from './support.mjs';

/** Runs an emulator beside a command. */
const started = ['npx', 'alimock', 'run', '--log', 'off', '--control-token', 'not-for-everybody', '--'];

for (const [name, framework] of Object.entries(frameworks)) {
  describe(name, () => {
    test('each test has a world, and a failure shows its calls with reasons', async (t) => {
      const { text, passed, failed } = await run(
        t,
        framework,
        `
const alimock = useAlimock();
test('one', async () => {
  assert.deepEqual(await alimock.world.calls(), []);
  assert.equal(await refusedCall(), 400);
  assert.deepEqual((await alimock.world.calls({ refused: true })).map((call) => call.code), ['MissingAccessKeyId']);
});
test('two', async () => {
  for (let n = 0; n < 22; n += 1) await refusedCall();
  throw new Error('mistake of the test');
});`,
      );

      assert.deepEqual([passed, failed], [1, 1], text);
      assert.match(
        text,
        /alimock calls in world \S*two\S*:\n+[ ℹ]*\(2 earlier calls\)\n[ ℹ]*400 Ram.ListUsers - MissingAccessKeyId: .+ \(\S+\)/,
      );
      assert.match(text, /mistake of the test/);
      assert.equal(text.includes('alimock calls in world one'), false);
    });

    test('a scenario is chosen, and its expectations are checked after a test that passed', async (t) => {
      const { text, passed, failed } = await run(
        t,
        framework,
        `
describe('expected', () => {
  useAlimock({ scenario: 'key-leaked' });
  test('expected', () => {});
});
describe('not checked', () => {
  useAlimock({ scenario: 'key-leaked', expect: false });
  test('not checked', () => {});
});
describe('as', () => {
  const alimock = useAlimock({ scenario: 'accounts: [{name: shop, keys: [{}], users: [{name: ci, keys: [{}]}]}]', as: 'shop/ci' });
  test('as', () => assert.equal(alimock.world.caller('shop/ci').id, process.env.ALIBABA_CLOUD_ACCESS_KEY_ID));
});
describe('object', () => {
  const alimock = useAlimock({ scenario: { accounts: [{ name: 'shop' }] } });
  test('object', () => assert.deepEqual(alimock.world.accounts.map((account) => account.name), ['shop']));
});
describe('mistake', () => {
  useAlimock({ scenario: 'no-such-scenario' });
  test('mistake', () => {});
});`,
      );

      assert.deepEqual([passed, failed], [3, 2], text);
      assert.match(text, /alimock: not as the scenario expects: .+\n+ *alimock calls in world/);
      assert.match(text, /unknown_scenario/);
    });

    test('real credentials are removed and come back', async (t) => {
      const { text, passed, failed } = await run(
        t,
        framework,
        `
describe('with', () => {
  useAlimock();
  test('with', () => {
    assert.equal('ALIBABA_CLOUD_SECURITY_TOKEN' in process.env, false);
    assert.match(process.env.ALIBABA_CLOUD_ACCESS_KEY_ID, /^LTAI/);
  });
});
test('without', () => {
  assert.equal(process.env.ALIBABA_CLOUD_SECURITY_TOKEN, 'real');
  assert.equal(process.env.ALIBABA_CLOUD_ACCESS_KEY_ID, 'real');
  assert.equal('ALIMOCK_ENDPOINT' in process.env, false);
});`,
        { env: { ALIBABA_CLOUD_SECURITY_TOKEN: 'real', ALIBABA_CLOUD_ACCESS_KEY_ID: 'real' } },
      );

      assert.deepEqual([passed, failed], [2, 0], text);
    });

    test('worlds are not for code outside of tests, and seeds end with the last test', async (t) => {
      const { text, passed, failed } = await run(
        t,
        framework,
        `
const alimock = useAlimock();
assert.throws(() => alimock.world, /no test runs/);
const worlds = async () => (await (await alimock.server).call('GET', '/worlds')).worlds.length;
test('one', async () => assert.equal(await worlds(), 3));
test('two', async () => assert.equal(await worlds(), 3));`,
      );

      assert.deepEqual([passed, failed], [2, 0], text);
    });

    const text = `
const alimock = useAlimock();
for (const n of [1, 2, 3]) test('many ' + n, async () => {
  await refusedCall();
  assert.equal((await alimock.world.calls()).length, 1);
});`;
    const files = Array.from(
      { length: 20 },
      () => `${text}\ntest('where', async () => console.log('at', (await alimock.server).endpoint));`,
    );
    const servers = (output) => new Set(output.match(/at http:\/\/\S+/g)).size;

    test('twenty parallel workers do not disturb each other, and no process remains', async (t) => {
      const mark = randomUUID();

      const { text, passed, failed } = await run(t, framework, files, { workers: 20, env: { MARK: mark } });

      assert.deepEqual([passed, failed], [80, 0], text);
      assert.equal(servers(text), name === 'node:test' ? 20 : 1);
      assert.equal(await eventually(() => processesWith(`MARK=${mark}`).length === 0), true);
    });

    test('parallel workers share the emulator of ALIMOCK_ENDPOINT, and leave no world', async (t) => {
      const { text, passed, failed } = await run(t, framework, files.slice(0, 4), {
        workers: 4,
        before: [...started, 'sh', '-c', '"$@"; code=$?; npx alimock ctl GET /worlds; exit $code', 'sh'],
      });

      assert.deepEqual([passed, failed], [16, 0], text);
      assert.equal(servers(text), 1);
      assert.deepEqual(
        text.match(/"world": *"[^"]+"/g).map((one) => one.replace(': ', ':')),
        ['"world":"default"'],
      );
    });

    test('without a global setup, each file has an emulator', async (t) => {
      const config = Object.fromEntries(
        Object.keys(framework.config).map((file) => [file, file.endsWith('.js') ? 'module.exports = {};' : 'export default {};']),
      );

      const { text, passed, failed } = await run(t, framework, files.slice(0, 2), { config });

      assert.deepEqual([passed, failed], [8, 0], text);
      assert.equal(servers(text), 2);
    });
  });
}

test('vitest: tests that run at the same time in one process are refused', async (t) => {
  const { text, failed } = await run(
    t,
    frameworks.vitest,
    `
useAlimock();
const wait = () => new Promise((resolve) => setTimeout(resolve, 500));
test.concurrent('one', wait);
test.concurrent('two', wait);`,
  );

  assert.equal(failed, 1, text);
  assert.match(text, /runs at the same time as/);
});

test('two runs of the same tests can share an emulator', async (t) => {
  const { text, code } = await run(
    t,
    frameworks['node:test'],
    `
const alimock = useAlimock();
test('slow', async () => {
  await refusedCall();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.equal((await alimock.world.calls()).length, 1);
});`,
    { before: [...started, 'sh', '-c', '"$@" & "$@"; code=$?; wait $! && exit $code', 'sh'] },
  );

  assert.equal(code, 0, text);
  assert.equal(text.match(/^✔ slow/gm).length, 2);
});

test('node:test: a subtest has a world in the world of its test', async (t) => {
  const { text, passed, failed } = await run(
    t,
    frameworks['node:test'],
    `
const alimock = useAlimock();
test('outer', async (t) => {
  const outer = alimock.world;
  await t.test('inner', () => assert.notEqual(alimock.world.name, outer.name));
  assert.equal(alimock.world, outer);
  assert.equal(process.env.ALIMOCK_ENDPOINT, outer.endpoint);
});`,
  );

  assert.deepEqual([passed, failed], [2, 0], text);
});

test('types are what a project with TypeScript expects', async () => {
  const { text, code } = await execute([
    '../node_modules/.bin/tsc',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    'types.mts',
    'types.cts',
  ]);

  assert.equal(code, 0, text);
});
