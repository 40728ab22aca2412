'use strict';

// What a user's own client may do comes and goes with the policies that reach the user.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, newRoot, newUser, policy, denied } = require('./clients');

const RULE = { PolicyName: 'rule', PolicyType: 'Custom' };
const ALICE = { UserName: 'alice' };

for (const sdk of sdks) {
  describe(`a permission through ${sdk.name}`, () => {
    /** A root, a user of its account, and how the user is refused to list things. */
    async function actors() {
      const { pk, root } = await newRoot(sdk);
      const alice = await newUser(sdk, root, 'alice');
      const users = `acs:ram:*:${pk}:user/*`;
      const noUsers = (kind) => denied(sdk, alice('Ram.ListUsers'), users, 'ram:ListUsers', kind);
      const noGroups = () => denied(sdk, alice('Ram.ListGroups'), `acs:ram:*:${pk}:group/*`, 'ram:ListGroups');
      return { pk, root, alice, noUsers, noGroups };
    }

    const create = (root, document) => root('Ram.CreatePolicy', { PolicyName: 'rule', PolicyDocument: document });

    it('is there while the policy is attached', async () => {
      const { pk, root, alice, noUsers, noGroups } = await actors();
      const { User: user } = await root('Ram.GetUser', ALICE);

      const detail = await noUsers();
      assert.deepEqual(
        [detail.AuthPrincipalType, detail.AuthPrincipalOwnerId, detail.AuthPrincipalDisplayName],
        ['SubUser', pk, user.UserId],
      );
      await create(root, policy('Allow', 'ram:ListUsers'));
      await root('Ram.AttachPolicyToUser', { ...ALICE, ...RULE });
      assert.deepEqual((await alice('Ram.ListUsers')).Users.User.map((one) => one.UserId), [user.UserId]);
      await noGroups();

      await root('Ram.DetachPolicyFromUser', { ...ALICE, ...RULE });
      await noUsers();
    });

    it('is what the default version says', async () => {
      const { root, alice, noUsers, noGroups } = await actors();
      await create(root, policy('Allow', 'ram:ListUsers'));
      await root('Ram.AttachPolicyToUser', { ...ALICE, ...RULE });
      const second = { PolicyName: 'rule', PolicyDocument: policy('Allow', 'ram:ListGroups') };
      await root('Ram.CreatePolicyVersion', second);

      await alice('Ram.ListUsers');
      await noGroups();
      await root('Ram.SetDefaultPolicyVersion', { PolicyName: 'rule', VersionId: 'v2' });
      await alice('Ram.ListGroups');
      await noUsers();
    });

    it('comes with the group', async () => {
      const { root, alice, noUsers } = await actors();
      await create(root, policy('Allow', 'ram:ListUsers'));
      await root('Ram.CreateGroup', { GroupName: 'crew' });
      await root('Ram.AttachPolicyToGroup', { GroupName: 'crew', ...RULE });
      await noUsers();

      await root('Ram.AddUserToGroup', { ...ALICE, GroupName: 'crew' });
      await alice('Ram.ListUsers');
      await root('Ram.RemoveUserFromGroup', { ...ALICE, GroupName: 'crew' });
      await noUsers();
    });

    it('is taken by an explicit deny whatever else allows', async () => {
      const { root, alice, noUsers } = await actors();
      await root('Ram.AttachPolicyToUser', { ...ALICE, PolicyName: 'AdministratorAccess', PolicyType: 'System' });
      await alice('Ram.ListUsers');

      await create(root, policy('Deny', 'ram:ListUsers'));
      await root('Ram.AttachPolicyToUser', { ...ALICE, ...RULE });

      const { EncodedDiagnosticMessage } = await noUsers('ExplicitDeny');
      await alice('Ram.ListGroups');
      const reply = await root('Ram.DecodeDiagnosticMessage', { EncodedDiagnosticMessage });
      const decoded = reply.DecodedDiagnosticMessage;
      assert.deepEqual([decoded.AuthAction, decoded.ExplicitDeny], ['ram:ListUsers', true]);
      assert.deepEqual(decoded.MatchedPolicies.map((one) => [one.PolicyIdentifier, one.Effect]), [['rule', 'Deny']]);
    });
  });
}
