'use strict';

// Groups, their members and the policies of both.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, standingRoot, policy, refused, START } = require('./clients');

const CREW = { GroupName: 'crew' };
const MEMBER = { UserName: 'alice', GroupName: 'crew' };
const LOOK = { PolicyName: 'look', PolicyType: 'Custom' };

for (const sdk of sdks) {
  describe(`a group through ${sdk.name}`, () => {
    it('is made, described, renamed and listed', async (test) => {
      const { root, advance } = await standingRoot(sdk, test);

      const { Group: made } = await root('Ram.CreateGroup', { ...CREW, Comments: 'first' });
      assert.deepEqual([made.GroupName, made.Comments, made.CreateDate], ['crew', 'first', START]);
      await advance('1h');
      const { Group: renamed } = await root('Ram.UpdateGroup', { ...CREW, NewGroupName: 'team', NewComments: '' });
      assert.deepEqual([renamed.GroupId, renamed.GroupName, renamed.Comments], [made.GroupId, 'team', '']);
      assert.equal(renamed.UpdateDate, '2026-01-01T01:00:00Z');

      assert.deepEqual((await root('Ram.GetGroup', { GroupName: 'team' })).Group, renamed);
      assert.deepEqual((await root('Ram.ListGroups')).Groups.Group.map((group) => group.GroupName), ['team']);
      await refused(sdk, root('Ram.GetGroup', CREW), 404, 'EntityNotExist.Group', 'The group does not exist.');
      await refused(sdk, root('Ram.CreateGroup', { GroupName: 'team' }), 409, 'EntityAlreadyExists.Group');
      const badName = root('Ram.CreateGroup', { GroupName: 'bad name!' });
      await refused(sdk, badName, 400, 'InvalidParameter.GroupName.InvalidChars');
    });

    it('has members, who join and leave once', async (test) => {
      const { root } = await standingRoot(sdk, test);
      await root('Ram.CreateGroup', CREW);
      await root('Ram.CreateUser', { UserName: 'alice', DisplayName: 'Alice' });

      await root('Ram.AddUserToGroup', MEMBER);
      const twice = root('Ram.AddUserToGroup', MEMBER);
      await refused(sdk, twice, 409, 'EntityAlreadyExists.User.Group', 'The user has already joined the group.');
      const members = await root('Ram.ListUsersForGroup', CREW);
      assert.deepEqual(members.Users.User, [{ UserName: 'alice', DisplayName: 'Alice', JoinDate: START }]);
      const groups = await root('Ram.ListGroupsForUser', { UserName: 'alice' });
      assert.deepEqual(groups.Groups.Group.map((group) => [group.GroupName, group.JoinDate]), [['crew', START]]);

      await root('Ram.RemoveUserFromGroup', MEMBER);
      assert.deepEqual((await root('Ram.ListUsersForGroup', CREW)).Users.User, []);
      await refused(sdk, root('Ram.RemoveUserFromGroup', MEMBER), 404, 'EntityNotExist.User.Group');
    });

    it('is deleted once neither members nor policies are left', async (test) => {
      const { root } = await standingRoot(sdk, test);
      await root('Ram.CreateGroup', CREW);
      await root('Ram.CreateUser', { UserName: 'alice' });
      await root('Ram.AddUserToGroup', MEMBER);
      await root('Ram.CreatePolicy', { PolicyName: 'look', PolicyDocument: policy('Allow', 'ram:List*') });
      await root('Ram.AttachPolicyToGroup', { ...CREW, ...LOOK });
      const policies = await root('Ram.ListPoliciesForGroup', CREW);
      assert.deepEqual(policies.Policies.Policy.map((one) => [one.PolicyName, one.AttachDate]), [['look', START]]);

      await refused(sdk, root('Ram.DeleteGroup', CREW), 409, 'DeleteConflict.Group.User');
      await refused(sdk, root('Ram.DeleteUser', { UserName: 'alice' }), 409, 'DeleteConflict.User.Group');
      await root('Ram.RemoveUserFromGroup', MEMBER);
      await refused(sdk, root('Ram.DeleteGroup', CREW), 409, 'DeleteConflict.Group.Policy');
      await root('Ram.DetachPolicyFromGroup', { ...CREW, ...LOOK });
      await root('Ram.DeleteGroup', CREW);

      assert.deepEqual((await root('Ram.ListGroups')).Groups.Group, []);
    });
  });
}
