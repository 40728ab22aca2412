'use strict';

// Roles with their trust policies.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, standingRoot, trust, refused, START } = require('./clients');

const DEPLOY = { RoleName: 'deploy' };

for (const sdk of sdks) {
  describe(`a role through ${sdk.name}`, () => {
    it('is made, changed field by field, listed and deleted', async (test) => {
      const { pk, root, advance } = await standingRoot(sdk, test);
      const document = trust({ RAM: [`acs:ram::${pk}:root`] });
      const service = trust({ Service: ['ecs.aliyuncs.com'] });

      const trusting = { AssumeRolePolicyDocument: document, Description: 'first' };
      const { Role: made } = await root('Ram.CreateRole', { ...DEPLOY, ...trusting });
      const arn = `acs:ram::${pk}:role/deploy`;
      assert.deepEqual([made.Arn, made.MaxSessionDuration, made.CreateDate], [arn, 3600, START]);
      assert.equal(made.AssumeRolePolicyDocument, document);
      await advance('1h');
      await root('Ram.UpdateRole', { ...DEPLOY, NewAssumeRolePolicyDocument: service, NewMaxSessionDuration: 7200 });
      const { Role: shown } = await root('Ram.GetRole', DEPLOY);
      assert.deepEqual(
        [shown.RoleId, shown.Description, shown.MaxSessionDuration, shown.AssumeRolePolicyDocument, shown.UpdateDate],
        [made.RoleId, 'first', 7200, service, '2026-01-01T01:00:00Z'],
      );
      assert.deepEqual((await root('Ram.ListRoles')).Roles.Role.map((role) => role.Arn), [made.Arn]);

      const system = { PolicyName: 'AdministratorAccess', PolicyType: 'System' };
      await root('Ram.AttachPolicyToRole', { ...DEPLOY, ...system });
      await refused(sdk, root('Ram.DeleteRole', DEPLOY), 409, 'DeleteConflict.Role.Policy');
      await root('Ram.DetachPolicyFromRole', { ...DEPLOY, ...system });
      await root('Ram.DeleteRole', DEPLOY);
      await refused(sdk, root('Ram.GetRole', DEPLOY), 404, 'EntityNotExist.Role', 'The role does not exist.');
    });

    it('has a name that is unique and a trust policy that is well formed', async (test) => {
      const { pk, root } = await standingRoot(sdk, test);
      const document = { AssumeRolePolicyDocument: trust({ RAM: `acs:ram::${pk}:root` }) };
      await root('Ram.CreateRole', { ...DEPLOY, ...document });

      const twice = root('Ram.CreateRole', { ...DEPLOY, ...document });
      await refused(sdk, twice, 409, 'EntityAlreadyExists.Role', 'The role does already EXIST.');
      const malformed = root('Ram.CreateRole', { RoleName: 'other', AssumeRolePolicyDocument: '{' });
      await refused(sdk, malformed, 400, 'MalformedPolicyDocument');
    });
  });
}
