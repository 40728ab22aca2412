'use strict';

const assert = require('node:assert/strict');
const { after, test } = require('node:test');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const { default: Client, ListUsersRequest } = require('@alicloud/ram20150501');

const ENDPOINT = process.env.ALIMOCK_ENDPOINT;
const WORLDS = `${ENDPOINT}/_alimock/worlds`;

const worlds = [];

/** A client in a new world for this test, which starts with a scenario. */
async function inWorld(scenario) {
  const answer = await fetch(`${WORLDS}?scenario=${scenario}`, { method: 'POST' });
  const { world, env } = await answer.json();
  worlds.push(world);
  return new Client(new $OpenApiUtil.Config({
    accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: env.ALIBABA_CLOUD_ENDPOINT,
    protocol: 'http',
  }));
}

after(() => Promise.all(worlds.map((world) => fetch(`${WORLDS}/${world}`, { method: 'DELETE' }))));

test('the fourth try arrives after the maintenance', async () => {
  const ram = await inWorld('region-maintained');

  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await assert.rejects(ram.listUsers(new ListUsersRequest({})), { code: 'ServiceUnavailable.RegionMaintaining' });
  }

  const { body } = await ram.listUsers(new ListUsersRequest({}));
  assert.equal(body.users.user.length, 1);
});
