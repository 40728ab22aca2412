'use strict';

// RAM users, their keys, and what a user may do.

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');
const { sdks, newRoot, made, refused, DATE } = require('./clients');

for (const sdk of sdks) {
  describe(`a RAM user through ${sdk.name}`, () => {
    it('has a name that is unique and well formed', async () => {
      const { root } = await newRoot(sdk);

      const created = await root('Ram.CreateUser', { UserName: 'alice', DisplayName: 'Alice * ~ + 爱丽丝' });

      const { User: user } = await root('Ram.GetUser', { UserName: 'alice' });
      assert.deepEqual(
        [user.UserId, user.UserName, user.DisplayName],
        [created.User.UserId, 'alice', 'Alice * ~ + 爱丽丝'],
      );
      await refused(sdk, root('Ram.CreateUser', { UserName: 'alice' }), 409, 'EntityAlreadyExists.User');
      const badName = root('Ram.CreateUser', { UserName: 'bad name!' });
      await refused(sdk, badName, 400, 'InvalidParameter.UserName.InvalidChars');
    });

    it('can be renamed, and its display name cleared with an empty text', async () => {
      const { root } = await newRoot(sdk);
      const created = await root('Ram.CreateUser', { UserName: 'alice', DisplayName: 'Alice' });

      await root('Ram.UpdateUser', { UserName: 'alice', NewUserName: 'alicia' });
      const renamed = await root('Ram.GetUser', { UserName: 'alicia' });
      await root('Ram.UpdateUser', { UserName: 'alicia', NewDisplayName: '' });
      const cleared = await root('Ram.GetUser', { UserName: 'alicia' });

      assert.deepEqual([renamed.User.UserId, renamed.User.DisplayName], [created.User.UserId, 'Alice']);
      assert.equal(cleared.User.DisplayName, '');
      await refused(sdk, root('Ram.GetUser', { UserName: 'alice' }), 404, 'EntityNotExist.User');
    });

    it('is listed once, in the order of creation, page by page', async () => {
      const { root } = await newRoot(sdk);
      const names = ['eve', 'dave', 'carol', 'bob', 'alice'];
      for (const name of names) {
        await root('Ram.CreateUser', { UserName: name });
      }

      const pages = [];
      let page = {};
      do {
        page = await root('Ram.ListUsers', { MaxItems: 2, ...(page.Marker && { Marker: page.Marker }) });
        pages.push(page.Users.User.map((user) => user.UserName));
      } while (page.IsTruncated && pages.length < names.length);

      assert.deepEqual(pages, [['eve', 'dave'], ['carol', 'bob'], ['alice']]);
    });

    it('has keys, which RAM and IMS both show and which can be disabled', async () => {
      const { pk, root } = await newRoot(sdk);
      await root('Ram.CreateUser', { UserName: 'alice' });
      const principal = { UserPrincipalName: `alice@${pk}.onaliyun.com` };
      const byRam = made(await root('Ram.CreateAccessKey', { UserName: 'alice' }));
      const byIms = made(await root('Ims.CreateAccessKey', principal));
      const its = { UserName: 'alice', UserAccessKeyId: byIms.accessKeyId };
      const lastUsed = async () => (await root('Ram.GetAccessKeyLastUsed', its)).AccessKeyLastUsed.LastUsedDate;
      const shown = ({ AccessKeys }) => AccessKeys.AccessKey.map((key) => [key.AccessKeyId, key.Status]);
      const alice = sdk.connect(byIms);

      await root('Ram.UpdateAccessKey', { ...its, Status: 'Inactive' });
      const both = [[byRam.accessKeyId, 'Active'], [byIms.accessKeyId, 'Inactive']];
      assert.deepEqual(shown(await root('Ram.ListAccessKeys', { UserName: 'alice' })), both);
      assert.deepEqual(shown(await root('Ims.ListAccessKeys', principal)), both);
      await refused(sdk, alice('Sts.GetCallerIdentity'), 400, 'InvalidAccessKeyId.Inactive');
      assert.equal(await lastUsed(), '');

      await root('Ram.UpdateAccessKey', { ...its, Status: 'Active' });
      await alice('Sts.GetCallerIdentity');
      assert.match(await lastUsed(), DATE);
    });

    it('is told by STS who it is and may do nothing that no policy allows', async () => {
      const { pk, root } = await newRoot(sdk);
      const { User: user } = await root('Ram.CreateUser', { UserName: 'alice' });
      const alice = sdk.connect(made(await root('Ram.CreateAccessKey', { UserName: 'alice' })));

      const identity = await alice('Sts.GetCallerIdentity');
      const denied = alice('Ram.CreateUser', { UserName: 'bob' });

      assert.deepEqual(
        [identity.IdentityType, identity.AccountId, identity.UserId, identity.Arn],
        ['RAMUser', pk, user.UserId, `acs:ram::${pk}:user/alice`],
      );
      await refused(sdk, denied, 403, 'NoPermission', /^You are not authorized to do this action\. .*Action: ram:CreateUser$/);
    });

    it('can be deleted only when it has no key left', async () => {
      const { root } = await newRoot(sdk);
      await root('Ram.CreateUser', { UserName: 'alice' });
      const key = made(await root('Ram.CreateAccessKey', { UserName: 'alice' }));

      await refused(sdk, root('Ram.DeleteUser', { UserName: 'alice' }), 409, 'DeleteConflict.User.AccessKey');
      await root('Ram.DeleteAccessKey', { UserName: 'alice', UserAccessKeyId: key.accessKeyId });
      await root('Ram.DeleteUser', { UserName: 'alice' });

      await refused(sdk, root('Ram.GetUser', { UserName: 'alice' }), 404, 'EntityNotExist.User');
    });
  });
}
