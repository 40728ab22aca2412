'use strict';

// Custom policies, their versions, and whom they are attached to.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, standingRoot, policy, trust, refused, START } = require('./clients');

const FIRST = policy('Allow', 'ram:Get*');
const SECOND = policy('Allow', 'ram:List*');
const NAME = { PolicyName: 'look' };
const LOOK = { ...NAME, PolicyType: 'Custom' };

for (const sdk of sdks) {
  describe(`a custom policy through ${sdk.name}`, () => {
    /** A root that has made the policy. */
    async function withPolicy(test) {
      const made = await standingRoot(sdk, test);
      await made.root('Ram.CreatePolicy', { ...NAME, PolicyDocument: FIRST, Description: 'to look' });
      return made;
    }

    it('is made once and shown with its document', async (test) => {
      const { root } = await withPolicy(test);

      const shown = await root('Ram.GetPolicy', LOOK);

      const { PolicyName, PolicyType, Description, DefaultVersion, AttachmentCount } = shown.Policy;
      assert.deepEqual(
        [PolicyName, PolicyType, Description, DefaultVersion, AttachmentCount],
        ['look', 'Custom', 'to look', 'v1', 0],
      );
      assert.deepEqual(
        shown.DefaultPolicyVersion,
        { VersionId: 'v1', IsDefaultVersion: true, PolicyDocument: FIRST, CreateDate: START },
      );
      const { Policies: { Policy: listed } } = await root('Ram.ListPolicies', { PolicyType: 'Custom' });
      assert.deepEqual(listed.map((one) => one.PolicyName), ['look']);
      const twice = root('Ram.CreatePolicy', { ...NAME, PolicyDocument: FIRST });
      await refused(sdk, twice, 409, 'EntityAlreadyExists.Policy', 'The policy does already EXIST.');
      const malformed = root('Ram.CreatePolicy', { PolicyName: 'bad', PolicyDocument: policy('Allow', undefined) });
      const reason = 'Add an Action or NotAction element to the policy statement.';
      await refused(sdk, malformed, 400, 'MalformedPolicyDocument', reason);
    });

    it('has versions of which one is the default', async (test) => {
      const { root } = await withPolicy(test);
      const numbers = async () => {
        const { PolicyVersions } = await root('Ram.ListPolicyVersions', LOOK);
        return PolicyVersions.PolicyVersion.map((one) => [one.VersionId, one.IsDefaultVersion]);
      };

      const { PolicyVersion: second } = await root('Ram.CreatePolicyVersion', { ...NAME, PolicyDocument: SECOND });
      assert.deepEqual([second.VersionId, second.IsDefaultVersion], ['v2', false]);
      await root('Ram.SetDefaultPolicyVersion', { ...NAME, VersionId: 'v2' });
      assert.equal((await root('Ram.GetPolicy', LOOK)).DefaultPolicyVersion.PolicyDocument, SECOND);
      const { PolicyVersion: first } = await root('Ram.GetPolicyVersion', { ...LOOK, VersionId: 'v1' });
      assert.deepEqual([first.PolicyDocument, first.IsDefaultVersion], [FIRST, false]);

      const theDefault = root('Ram.DeletePolicyVersion', { ...NAME, VersionId: 'v2' });
      await refused(sdk, theDefault, 409, 'DeleteConflict.Policy.Version.Default');
      await refused(sdk, root('Ram.DeletePolicy', NAME), 409, 'DeleteConflict.Policy.Version');
      assert.deepEqual(await numbers(), [['v1', false], ['v2', true]]);
      await root('Ram.DeletePolicyVersion', { ...NAME, VersionId: 'v1' });
      assert.deepEqual(await numbers(), [['v2', true]]);
    });

    it('makes room for a sixth version only when the oldest may go', async (test) => {
      const { root } = await withPolicy(test);
      const next = { ...NAME, PolicyDocument: SECOND, SetAsDefault: true };
      for (let made = 1; made < 5; made += 1) {
        await root('Ram.CreatePolicyVersion', next);
      }

      await refused(sdk, root('Ram.CreatePolicyVersion', next), 409, 'LimitExceeded.Policy.Version');
      const RotateStrategy = 'DeleteOldestNonDefaultVersionWhenLimitExceeded';
      const { PolicyVersion: sixth } = await root('Ram.CreatePolicyVersion', { ...next, RotateStrategy });

      assert.deepEqual([sixth.VersionId, sixth.IsDefaultVersion], ['v6', true]);
    });

    for (const kind of ['User', 'Group', 'Role']) {
      it(`is attached to a ${kind.toLowerCase()} once and detached once`, async (test) => {
        const { pk, root } = await withPolicy(test);
        const name = { [`${kind}Name`]: 'somebody' };
        const trusting = { AssumeRolePolicyDocument: trust({ RAM: `acs:ram::${pk}:root` }) };
        await root(`Ram.Create${kind}`, { ...name, ...(kind === 'Role' && trusting) });

        await root(`Ram.AttachPolicyTo${kind}`, { ...name, ...LOOK });
        const twice = root(`Ram.AttachPolicyTo${kind}`, { ...name, ...LOOK });
        await refused(sdk, twice, 409, `EntityAlreadyExists.${kind}.Policy`);
        const { Policies: { Policy: [attached] } } = await root(`Ram.ListPoliciesFor${kind}`, name);
        assert.deepEqual([attached.PolicyName, attached.DefaultVersion, attached.AttachDate], ['look', 'v1', START]);
        const entities = await root('Ram.ListEntitiesForPolicy', LOOK);
        for (const one of ['User', 'Group', 'Role']) {
          const names = entities[`${one}s`][one].map((entity) => entity[`${one}Name`]);
          assert.deepEqual(names, one === kind ? ['somebody'] : []);
        }
        const deleted = root('Ram.DeletePolicy', { ...NAME, CascadingDelete: true });
        await refused(sdk, deleted, 409, `DeleteConflict.Policy.${kind}`);

        await root(`Ram.DetachPolicyFrom${kind}`, { ...name, ...LOOK });
        const again = root(`Ram.DetachPolicyFrom${kind}`, { ...name, ...LOOK });
        await refused(sdk, again, 404, `EntityNotExist.${kind}.Policy`);
        await root('Ram.DeletePolicy', NAME);
        await refused(sdk, root('Ram.GetPolicy', LOOK), 404, 'EntityNotExist.Policy', 'The policy does not exist.');
      });
    }
  });
}
