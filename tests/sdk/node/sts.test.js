'use strict';

// Temporary keys: of users that assume roles, of workloads with an OIDC token, of people with a SAML response.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const { sdks, tea, standingRoot, newUser, session, policy, trust, refused, denied } = require('./clients');

const MAY_ASSUME = { UserName: 'alice', PolicyName: 'AliyunSTSAssumeRoleAccess', PolicyType: 'System' };
const NOT_BY_RAM = 'You are not authorized to do this action. You should be authorized by RAM.';

/** Makes a role that may list users. */
async function newRole(root, RoleName, AssumeRolePolicyDocument) {
  const { Role: role } = await root('Ram.CreateRole', { RoleName, AssumeRolePolicyDocument });
  await root('Ram.CreatePolicy', { PolicyName: 'look', PolicyDocument: policy('Allow', 'ram:ListUsers') });
  await root('Ram.AttachPolicyToRole', { RoleName, PolicyName: 'look', PolicyType: 'Custom' });
  return role;
}

for (const sdk of sdks) {
  describe(`a role session through ${sdk.name}`, () => {
    /** A root, its role, and a user who may assume it. */
    async function actors(test) {
      const made = await standingRoot(sdk, test);
      const role = await newRole(made.root, 'deploy', trust({ RAM: `acs:ram::${made.pk}:root` }));
      const alice = await newUser(sdk, made.root, 'alice');
      await made.root('Ram.AttachPolicyToUser', MAY_ASSUME);
      const night = { RoleArn: role.Arn, RoleSessionName: 'night' };
      return { ...made, role, alice, night };
    }

    it('calls as its role until it ends', async (test) => {
      const { pk, role, alice, night, advance } = await actors(test);

      const reply = await alice('Sts.AssumeRole', { ...night, DurationSeconds: 900 });
      const key = session(reply);
      const call = sdk.connect(key);
      const me = await call('Sts.GetCallerIdentity');
      const { Users } = await call('Ram.ListUsers');

      assert.deepEqual(
        reply.AssumedRoleUser,
        { Arn: `acs:ram::${pk}:role/deploy/night`, AssumedRoleId: `${role.RoleId}:night` },
      );
      assert.equal(reply.Credentials.Expiration, '2026-01-01T00:15:00Z');
      assert.deepEqual(
        [me.IdentityType, me.AccountId, me.Arn, me.RoleId],
        ['AssumedRoleUser', pk, `acs:ram::${pk}:assumed-role/deploy/night`, role.RoleId],
      );
      assert.deepEqual(Users.User.map((user) => user.UserName), ['alice']);
      const detail = await denied(sdk, call('Ram.ListGroups'), `acs:ram:*:${pk}:group/*`, 'ram:ListGroups');
      const principal = [detail.AuthPrincipalType, detail.AuthPrincipalDisplayName];
      assert.deepEqual(principal, ['AssumedRoleUser', 'deploy:night']);
      const tokenless = sdk.connect({ ...key, securityToken: undefined })('Sts.GetCallerIdentity');
      await refused(sdk, tokenless, 400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');

      await advance('15m');
      const late = call('Ram.ListUsers');
      await refused(sdk, late, 400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
    });

    it('may do what its role and its own policy both allow', async (test) => {
      const { pk, root, alice, night } = await actors(test);
      const wide = sdk.connect(session(await alice('Sts.AssumeRole', night)));
      const none = { ...night, Policy: policy('Allow', 'ram:ListGroups') };
      const narrow = sdk.connect(session(await alice('Sts.AssumeRole', none)));
      const users = [`acs:ram:*:${pk}:user/*`, 'ram:ListUsers'];

      await wide('Ram.ListUsers');
      await denied(sdk, narrow('Ram.ListUsers'), ...users, 'ImplicitDeny', 'SessionPolicy');
      const look = { RoleName: 'deploy', PolicyName: 'look', PolicyType: 'Custom' };
      await root('Ram.DetachPolicyFromRole', look);
      await denied(sdk, wide('Ram.ListUsers'), ...users);
      await root('Ram.DeleteRole', { RoleName: 'deploy' });

      await refused(sdk, wide('Ram.ListUsers'), 404, 'InvalidAccessKeyId.NotFound');
    });

    it('is only for those whom the role trusts and a policy allows', async (test) => {
      const { pk, root, alice, night } = await actors(test);
      const assume = (caller, others) => caller('Sts.AssumeRole', { ...night, ...others });

      await refused(sdk, assume(root), 403, 'NoPermission', 'Roles may not be assumed by root accounts.');
      const unknown = assume(alice, { RoleArn: `acs:ram::${pk}:role/other` });
      await refused(sdk, unknown, 404, 'EntityNotExist.Role');
      await refused(sdk, assume(alice, { RoleArn: 'garbage' }), 400, 'InvalidParameter.RoleArn');
      await refused(sdk, assume(alice, { DurationSeconds: 3601 }), 400, 'InvalidParameter.DurationSeconds');
      await root('Ram.DetachPolicyFromUser', MAY_ASSUME);
      const byUser = await refused(sdk, assume(alice), 403, 'NoPermission', NOT_BY_RAM);
      assert.equal(byUser.detail.PolicyType, 'AccountLevelIdentityBasedPolicy');
      await root('Ram.AttachPolicyToUser', MAY_ASSUME);
      const service = { NewAssumeRolePolicyDocument: trust({ Service: ['ecs.aliyuncs.com'] }) };
      await root('Ram.UpdateRole', { RoleName: 'deploy', ...service });
      const byRole = await refused(sdk, assume(alice), 403, 'NoPermission', NOT_BY_RAM);
      assert.equal(byRole.detail.PolicyType, 'AssumeRolePolicy');
    });
  });
}

describe('a session without a key through tea', () => {
  /** Calls STS without a key, so it is a header that names the world. */
  function unsigned(world) {
    const globalParameters = new $OpenApiUtil.GlobalParameters({ headers: { 'x-alimock-world': world } });
    return tea.through({ globalParameters });
  }

  it('is given for an OIDC token of a trusted issuer', async (test) => {
    const { world, pk, root, post, advance } = await standingRoot(tea, test);
    const audience = 'sts.aliyuncs.com';
    const { arn } = await post(`accounts/${pk}/oidc-providers`, { name: 'ci', clientIds: [audience] });
    const Condition = { StringEquals: { 'oidc:aud': audience } };
    const role = await newRole(root, 'ci', trust({ Federated: [arn] }, { Condition }));
    const logIn = async (claims, others) => {
      const { token } = await post('issuer/token', { audience, subject: 'web', ...claims });
      const job = { OIDCProviderArn: arn, RoleArn: role.Arn, RoleSessionName: 'job', OIDCToken: token };
      return unsigned(world)('Sts.AssumeRoleWithOIDC', { ...job, ...others });
    };

    const reply = await logIn();
    const call = tea.connect(session(reply));
    const { Arn } = await call('Sts.GetCallerIdentity');
    await call('Ram.ListUsers');

    assert.equal(Arn, `acs:ram::${pk}:assumed-role/ci/job`);
    const { Subject, ClientIds, VerificationInfo } = reply.OIDCTokenInfo;
    assert.deepEqual([Subject, ClientIds, VerificationInfo], ['web', audience, 'Success']);
    const failures = [
      [{ key: 'unknown' }, 'OIDCToken.InvalidSignature'],
      [{ audience: 'other' }, 'OIDCToken.AudienceNotMatch'],
      [{ issuer: 'https://other.example' }, 'OIDCToken.IssuerNotMatch'],
      [{ issued: '-2h', expires: '-1h' }, 'OIDCToken.Expired'],
    ];
    for (const [claims, code] of failures) {
      await refused(tea, logIn(claims), 401, `AuthenticationFail.${code}`);
    }
    await refused(tea, logIn({}, { OIDCToken: 'garbage' }), 401, 'AuthenticationFail.OIDCToken.Invalid');
    await advance('1h');
    await refused(tea, call('Ram.ListUsers'), 400, 'InvalidSecurityToken.Expired');
  });

  it('is given for a SAML response of a trusted provider', async (test) => {
    const { world, pk, root, post } = await standingRoot(tea, test);
    const { arn } = await post(`accounts/${pk}/saml-providers`, { name: 'corp' });
    const role = await newRole(root, 'staff', trust({ Federated: [arn] }));
    const logIn = async (fields) => {
      const given = { roleArn: role.Arn, providerArn: arn, sessionName: 'jane', ...fields };
      const { response } = await post('issuer/saml-response', given);
      const request = { SAMLProviderArn: arn, RoleArn: role.Arn, SAMLAssertion: response };
      return unsigned(world)('Sts.AssumeRoleWithSAML', request);
    };

    const reply = await logIn({ subject: 'jane-7' });
    const { Arn } = await tea.connect(session(reply))('Sts.GetCallerIdentity');

    assert.equal(Arn, `acs:ram::${pk}:assumed-role/staff/jane`);
    assert.equal(reply.SAMLAssertionInfo.Subject, 'jane-7');
    await refused(tea, logIn({ key: 'unknown' }), 401, 'AuthenticationFail.SAMLAssertion.Invalid');
    await refused(tea, logIn({ expires: '-1m' }), 401, 'AuthenticationFail.SAMLAssertion.Expired');
  });
});
