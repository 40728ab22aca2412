'use strict';

// What the documentation says of ways to the emulator, and what only some of them lead to.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const StsSdk = require('@alicloud/sts-sdk');
const recipe = require('./recipe');
const { ADDRESS, WAY, made, newRoot, standingRoot, tea, trust } = require('./clients');

it('the recipe of the documentation runs', { skip: WAY === 'hosts' && 'nothing sets a key in there' }, async () => {
  const callers = await recipe[WAY]();

  assert.ok(callers.length >= 2 && callers.every((arn) => arn.endsWith(':root')), `${callers}`);
});

describe('@alicloud/sts-sdk, which speaks TLS alone', { skip: WAY === 'plain' && 'needs TLS' }, () => {
  const client = (key) => new StsSdk({ ...key, endpoint: ADDRESS ?? 'sts.aliyuncs.com' });

  it('is told who calls', async () => {
    const { pk, key } = await newRoot(tea);

    const identity = await client(key).getCallerIdentity();

    assert.equal(identity.Arn, `acs:ram::${pk}:root`);
  });

  it('gets a session of a role, and is told why not', async (test) => {
    const { pk, root } = await standingRoot(tea, test);
    await root('Ram.CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument: trust({ RAM: `acs:ram::${pk}:root` }) });
    await root('Ram.CreateUser', { UserName: 'alice' });
    await root('Ram.AttachPolicyToUser', { UserName: 'alice', PolicyName: 'AliyunSTSAssumeRoleAccess', PolicyType: 'System' });
    const sts = client(made(await root('Ram.CreateAccessKey', { UserName: 'alice' })));

    const { Credentials, AssumedRoleUser } = await sts.assumeRole(`acs:ram::${pk}:role/deploy`, 'night', '', 900);
    // To the package a refusal is an answer like any other.
    const refused = await sts.assumeRole(`acs:ram::${pk}:role/other`, 'night', '', 900);

    assert.equal(AssumedRoleUser.Arn, `acs:ram::${pk}:role/deploy/night`);
    assert.equal(Credentials.Expiration, '2026-01-01T00:15:00Z');
    assert.equal(refused.Code, 'EntityNotExist.Role');
  });
});
