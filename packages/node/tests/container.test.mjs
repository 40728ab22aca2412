// The container: docker/podman builds its image, and gives the settings.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AlimockContainer } from 'alimock/testcontainers';
import { frameworks, run } from './support.mjs';

describe('a container', () => {
  let container;
  before(async () => {
    container = await new AlimockContainer().start();
  });
  after(() => container?.stop());

  test('has worlds that share its port, and their keys choose them', async () => {
    const { server } = container;
    const scenario = 'accounts: [{name: shop, keys: [{}]}]';
    const worlds = [await server.world(scenario, { name: 'one' }), await server.world(scenario, { name: 'two' })];

    assert.deepEqual(
      worlds.map(({ endpoint }) => endpoint),
      [server.endpoint, server.endpoint],
    );
    assert.equal(worlds[0].env.ALIBABA_CLOUD_ENDPOINT, new URL(server.endpoint).host);
    for (const [n, world] of worlds.entries()) {
      const { id } = world.caller('shop');
      for (let calls = 0; calls <= n; calls += 1) await fetch(`${world.endpoint}/?Action=ListUsers&Version=2015-05-01&AccessKeyId=${id}`);
    }
    assert.deepEqual(await Promise.all(worlds.map(async (world) => (await world.calls()).length)), [1, 2]);
    await worlds[0].key.disable('shop');
    await worlds[0].delete();
  });

  test('needs its token, which is another for each container', async () => {
    const answer = await fetch(`${container.server.endpoint}/_alimock/worlds`);
    assert.equal(answer.status, 401);
    const other = await new AlimockContainer(process.env.ALIMOCK_IMAGE).withEnvironment({ ALIMOCK_SCENARIO: 'key-leaked' }).start();
    try {
      assert.notEqual(other.server.address.token, container.server.address.token);
      assert.deepEqual(
        (await other.server.call('GET', '/worlds/default')).accounts.map(({ name }) => name),
        ['demo'],
      );
    } finally {
      await other.stop();
    }
  });

  for (const [name, framework] of Object.entries(frameworks)) {
    test(`${name} uses it by ALIMOCK_ENDPOINT`, async (t) => {
      const { endpoint, token } = container.server.address;
      const text = `
const alimock = useAlimock({ scenario: 'accounts: [{name: shop, keys: [{}]}]' });
for (const n of [1, 2]) test('many ' + n, async () => {
  assert.equal(alimock.world.endpoint, '${endpoint}');
  await fetch(process.env.ALIMOCK_ENDPOINT + '/?Action=ListUsers&Version=2015-05-01&AccessKeyId=' + process.env.ALIBABA_CLOUD_ACCESS_KEY_ID);
  assert.equal((await alimock.world.calls()).length, 1);
});`;

      const {
        text: output,
        passed,
        failed,
      } = await run(t, framework, [text, text, text, text], {
        workers: 4,
        env: { ALIMOCK_ENDPOINT: endpoint, ALIMOCK_CONTROL_TOKEN: token },
      });

      assert.deepEqual([passed, failed], [8, 0], output);
    });
  }
});
